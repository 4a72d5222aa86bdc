extension Migration {
    /// Real calls and how they were answered, and which of them answered a call of the journal.
    static let m004Recordings = Migration(
        sql: """
            CREATE TABLE recordings (
              id INTEGER PRIMARY KEY,
              name TEXT NOT NULL UNIQUE,
              started INTEGER, -- nanoseconds since 1970
              ended INTEGER -- NULL while it is being made
            ) STRICT;

            CREATE TABLE recorded_calls (
              id INTEGER PRIMARY KEY,
              recording INTEGER REFERENCES recordings(id) ON DELETE CASCADE,
              position INTEGER,
              agent TEXT NOT NULL, -- its ARN
              qualifier TEXT NOT NULL DEFAULT 'DEFAULT',
              operation TEXT NOT NULL DEFAULT 'InvokeAgentRuntime',
              session TEXT,
              arrived INTEGER, -- nanoseconds since 1970
              request_headers TEXT NOT NULL DEFAULT '', -- a line each
              request_body ANY CONSTRAINT "request_body is a text or a blob" CHECK (typeof(request_body) IN ('null', 'text', 'blob')),
              status INTEGER NOT NULL DEFAULT 200 CONSTRAINT "status is 200 to 599" CHECK (status BETWEEN 200 AND 599),
              reply_headers TEXT NOT NULL DEFAULT '', -- a line each
              reply_body ANY -- NULL where the answer came in frames
                CONSTRAINT "reply_body is a text or a blob" CHECK (typeof(reply_body) IN ('null', 'text', 'blob')),
              at INTEGER NOT NULL DEFAULT 0, -- when the head came, in microseconds after the call arrived
              ended INTEGER NOT NULL DEFAULT 0, -- when the answer ended, in microseconds after the call arrived
              outcome TEXT NOT NULL DEFAULT 'completed' -- client-closed, reset, closed, hung, refused
            ) STRICT;
            CREATE INDEX recorded_calls_of_recording ON recorded_calls(recording, position);

            CREATE TABLE recorded_frames ( -- the pieces of an answer
              id INTEGER PRIMARY KEY,
              call INTEGER NOT NULL REFERENCES recorded_calls(id) ON DELETE CASCADE,
              position INTEGER,
              at INTEGER NOT NULL DEFAULT 0, -- microseconds after the call arrived
              bytes ANY NOT NULL -- a frame leaves as one chunk
                CONSTRAINT "bytes is a text or a blob" CHECK (typeof(bytes) IN ('text', 'blob'))
            ) STRICT;
            CREATE INDEX recorded_frames_of_call ON recorded_frames(call, position);

            CREATE TABLE replay ( -- how recorded calls are matched
              id INTEGER PRIMARY KEY,
              position INTEGER,
              kind TEXT NOT NULL CONSTRAINT "kind is volatile or header" CHECK (kind IN ('volatile', 'header')),
              value TEXT NOT NULL -- a path in the payload that is not compared, a header field that is
            ) STRICT;

            CREATE VIEW recorded_readable AS
              SELECT c.id, r.name AS recording, c.position, c.agent, c.qualifier, c.operation, c.session,
                strftime('%Y-%m-%dT%H:%M:%S', c.arrived / 1000000000, 'unixepoch') || 'Z' AS arrived_at,
                CAST(c.request_body AS TEXT) AS request, c.status,
                coalesce(CAST(c.reply_body AS TEXT), (SELECT group_concat(CAST(bytes AS TEXT), '') FROM
                  (SELECT bytes FROM recorded_frames f WHERE f.call = c.id ORDER BY f.position IS NULL, f.position, f.id))) AS reply,
                (SELECT count(*) FROM recorded_frames f WHERE f.call = c.id) AS frame_count,
                c.at / 1000.0 AS at_ms, c.ended / 1000.0 AS ended_ms, c.outcome
              FROM recorded_calls c LEFT JOIN recordings r ON r.id = c.recording
              ORDER BY r.id, c.position IS NULL, c.position, c.id;

            ALTER TABLE calls ADD COLUMN recording TEXT; -- the name of the recording that answered
            """)
}
