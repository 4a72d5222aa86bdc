extension Migration {
    /// What was called, if the journal is kept in a file. A call's `id` is 10¹² times its run plus its number, so that
    /// one B-tree holds them in order, and the calls of a later run never meet those of an earlier one.
    static let m002Journal = Migration(
        sql: """
            CREATE TABLE runs ( -- one for each start of a server with this journal
              id INTEGER PRIMARY KEY,
              started INTEGER NOT NULL -- nanoseconds since 1970
            ) STRICT;

            CREATE TABLE calls (
              id INTEGER PRIMARY KEY,
              run INTEGER GENERATED ALWAYS AS (id / 1000000000000) VIRTUAL,
              number INTEGER GENERATED ALWAYS AS (id % 1000000000000) VIRTUAL,
              space TEXT NOT NULL,
              arrived INTEGER NOT NULL, -- nanoseconds since 1970
              in_flight INTEGER NOT NULL, -- calls being answered then, this one included
              method TEXT NOT NULL,
              target TEXT NOT NULL,
              http_minor INTEGER NOT NULL, -- 1 for HTTP/1.1
              request_headers TEXT NOT NULL, -- a line each, secrets masked
              request_body BLOB NOT NULL, -- at most its first MiB
              request_body_bytes INTEGER NOT NULL, -- how long it was
              agent TEXT,
              operation TEXT,
              qualifier TEXT,
              session TEXT,
              user TEXT,
              principal TEXT,
              auth_scheme TEXT,
              auth_verdict TEXT, -- allowed, refused, unchecked
              auth_why TEXT,
              canonical_request TEXT, -- for a signature that does not match: what the server computed
              string_to_sign TEXT,
              rule TEXT,
              faults TEXT, -- a JSON array of names
              status INTEGER,
              reply_headers TEXT,
              reply_body BLOB, -- at most its first MiB; of a stream, what left, once it has ended
              reply_body_bytes INTEGER,
              outcome TEXT, -- NULL until the call has ended: completed, client-closed, reset, closed, hung, refused
              first_byte INTEGER, -- nanoseconds after it arrived
              ended INTEGER, -- nanoseconds after it arrived
              bytes INTEGER, -- that left the socket
              frames TEXT -- of a stream: a JSON array of {"due", "sent", "bytes"}, in nanoseconds after it arrived
            ) STRICT;

            CREATE VIEW calls_readable AS
              SELECT run, number, space,
                strftime('%Y-%m-%dT%H:%M:%S', arrived / 1000000000, 'unixepoch')
                  || printf('.%09dZ', arrived % 1000000000) AS arrived_at,
                agent, operation, qualifier, session, user, principal, auth_scheme, auth_verdict, auth_why, method,
                target, request_headers,
                CASE WHEN instr(lower(request_headers), 'amz-sdk-invocation-id: ') > 0 THEN
                  substr(request_headers, instr(lower(request_headers), 'amz-sdk-invocation-id: ') + 23, 36) END AS invocation_id,
                CASE WHEN instr(lower(request_headers), 'amz-sdk-request: attempt=') > 0 THEN
                  CAST(substr(request_headers, instr(lower(request_headers), 'amz-sdk-request: attempt=') + 25, 9) AS INTEGER) END AS attempt,
                CAST(request_body AS TEXT) AS request, rule, faults, status, reply_headers,
                CAST(reply_body AS TEXT) AS reply, outcome, first_byte / 1000000.0 AS first_byte_ms,
                ended / 1000000.0 AS ended_ms, bytes, json_array_length(frames) AS frame_count, in_flight
              FROM calls ORDER BY id;
            """)
}
