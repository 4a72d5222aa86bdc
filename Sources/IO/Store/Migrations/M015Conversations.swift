extension Migration {
    /// A recorded conversation has the status of its opening, 101, as it has in the journal.
    ///
    /// A list of three or more in a CHECK is an index that SQLite makes for every row that is written, here a third of what
    /// a recorded call costs: no such list is left.
    static let m015Conversations = Migration(
        rebuilds: [
            Rebuild(
                table: "recorded_calls",
                columns: """
                      id INTEGER PRIMARY KEY,
                      recording INTEGER REFERENCES recordings(id) ON DELETE CASCADE,
                      position INTEGER,
                      agent TEXT NOT NULL, -- its ARN
                      qualifier TEXT NOT NULL DEFAULT 'DEFAULT',
                      operation TEXT NOT NULL DEFAULT 'InvokeAgentRuntime',
                      session TEXT,
                      arrived INTEGER, -- nanoseconds since 1970
                      request_headers TEXT NOT NULL DEFAULT '', -- a line each
                      request_body ANY CONSTRAINT "request_body is a text or a blob" CHECK (typeof(request_body) NOT IN ('integer', 'real')),
                      status INTEGER NOT NULL DEFAULT 200 -- 101 of a conversation
                        CONSTRAINT "status is 101 or 200 to 599" CHECK (status = 101 OR status BETWEEN 200 AND 599),
                      reply_headers TEXT NOT NULL DEFAULT '', -- a line each
                      reply_body ANY -- NULL where the answer came in frames
                        CONSTRAINT "reply_body is a text or a blob" CHECK (typeof(reply_body) NOT IN ('integer', 'real')),
                      at INTEGER NOT NULL DEFAULT 0, -- when the head came, in microseconds after the call arrived
                      ended INTEGER NOT NULL DEFAULT 0, -- when the answer ended, in microseconds after the call arrived
                      outcome TEXT NOT NULL -- completed, client-closed, reset, closed, hung, refused
                        DEFAULT 'completed'
                    """),
            Rebuild(
                table: "recorded_frames",
                columns: """
                      id INTEGER PRIMARY KEY,
                      call INTEGER NOT NULL REFERENCES recorded_calls(id) ON DELETE CASCADE,
                      position INTEGER,
                      at INTEGER NOT NULL DEFAULT 0, -- microseconds after the call arrived
                      bytes ANY NOT NULL -- a frame leaves as one chunk
                        CONSTRAINT "bytes is a text or a blob" CHECK (typeof(bytes) IN ('text', 'blob')),
                      size INTEGER, -- its bytes when it came, where a secret was replaced
                      direction TEXT -- of a message: in, from the client, or out; NULL of a piece of an answer
                        CONSTRAINT "direction is in or out" CHECK (direction IN ('in', 'out')),
                      kind TEXT -- of a message; a close has its code and its reason as bytes
                        CONSTRAINT "kind is text, binary or close" CHECK (kind IN ('text', 'binary') OR kind = 'close')
                    """),
        ],
        sql: """
            UPDATE recorded_calls SET status = 101 WHERE status = 200 AND
              (EXISTS (SELECT 1 FROM recorded_frames WHERE call = recorded_calls.id AND kind IS NOT NULL)
              OR operation = 'InvokeAgentRuntimeWithWebSocketStream' AND reply_body IS NULL
                AND NOT EXISTS (SELECT 1 FROM recorded_frames WHERE call = recorded_calls.id));
            """)
}
