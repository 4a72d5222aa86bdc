extension Migration {
    /// What is said over WebSockets: a kind of reply, and what the journal keeps of it.
    static let m008Conversations = Migration(
        rebuilds: [
            Rebuild(
                table: "replies",
                columns: """
                    rule INTEGER PRIMARY KEY REFERENCES rules(id) ON DELETE CASCADE,
                    kind TEXT NOT NULL CONSTRAINT "kind is json, text, base64, file, stream, echo, error, agentError or websocket"
                      CHECK (kind IN ('json', 'text', 'base64', 'file', 'stream', 'echo', 'error', 'agentError', 'websocket')),
                    json TEXT CONSTRAINT "json is JSON: a text wants its quotes" CHECK (json IS NULL OR json_valid(json)),
                    text TEXT,
                    bytes BLOB, -- for base64
                    file TEXT, -- the path as in the table files
                    error TEXT, -- a service error by name
                    message TEXT, -- for error
                    agent_status INTEGER, -- for agentError
                    status INTEGER,
                    headers TEXT CONSTRAINT "headers is a JSON object, or an array of [name, value]" CHECK (headers IS NULL OR json_valid(headers) AND json_type(headers) IN ('object', 'array')),
                    content_type TEXT,
                    delay TEXT CONSTRAINT "delay is a duration like 250ms" CHECK (delay GLOB '[0-9]*[smhd]'),
                    first_after TEXT CONSTRAINT "first_after is a duration like 400ms" CHECK (first_after GLOB '[0-9]*[smhd]'),
                    every TEXT CONSTRAINT "every is a duration like 30ms" CHECK (every GLOB '[0-9]*[smhd]'),
                    jitter REAL, -- 0 to 1
                    agent_initialization TEXT -- for agentError: a failing new session takes so long
                      CONSTRAINT "agent_initialization is a duration like 120s" CHECK (agent_initialization GLOB '[0-9]*[smhd]'),
                    socket_open TEXT -- for websocket: what is said when it opens
                      CONSTRAINT "socket_open is a JSON array of messages" CHECK (socket_open IS NULL OR json_valid(socket_open) AND json_type(socket_open) = 'array'),
                    socket_messages TEXT -- for websocket: when a message fits, what is sent
                      CONSTRAINT "socket_messages is a JSON array of answers" CHECK (socket_messages IS NULL OR json_valid(socket_messages) AND json_type(socket_messages) = 'array'),
                    socket_echo INTEGER -- for websocket: whether other messages are sent back
                      CONSTRAINT "socket_echo is 0 or 1" CHECK (socket_echo IN (0, 1)),
                    CONSTRAINT "a json reply wants the column json" CHECK (kind <> 'json' OR json IS NOT NULL),
                    CONSTRAINT "a text reply wants the column text" CHECK (kind <> 'text' OR text IS NOT NULL),
                    CONSTRAINT "a base64 reply wants the column bytes" CHECK (kind <> 'base64' OR bytes IS NOT NULL),
                    CONSTRAINT "a file reply wants the column file" CHECK (kind <> 'file' OR file IS NOT NULL),
                    CONSTRAINT "an error reply wants the column error" CHECK (kind <> 'error' OR error IS NOT NULL),
                    CONSTRAINT "an agentError reply wants the column agent_status" CHECK (kind <> 'agentError' OR agent_status IS NOT NULL)
                    """)
        ],
        sql: """
            ALTER TABLE calls ADD COLUMN messages TEXT; -- of a conversation: a JSON array of {"direction", "kind", "bytes", "at"}, in nanoseconds after it arrived
            """)
}
