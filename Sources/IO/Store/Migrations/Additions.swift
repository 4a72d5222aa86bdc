/// The steps that only add: columns, and tables that nothing hangs on. Each is as it was published.
extension Migration {
    /// The service's limits for an agent, and how long a failing agent has to begin.
    static let m003Limits = Migration(
        sql: """
            ALTER TABLE agents ADD COLUMN most_sessions INTEGER -- active at a time; beyond that 402
              CONSTRAINT "most_sessions is 0 or more" CHECK (most_sessions >= 0);
            ALTER TABLE agents ADD COLUMN new_sessions TEXT -- a rate like 25/s; beyond that 429
              CONSTRAINT "new_sessions is a rate like 25/s" CHECK (new_sessions GLOB '[0-9]*/*[smhd]');
            ALTER TABLE agents ADD COLUMN rate TEXT -- of all calls, like 1000/s; beyond that 429
              CONSTRAINT "rate is a rate like 1000/s" CHECK (rate GLOB '[0-9]*/*[smhd]');
            ALTER TABLE replies ADD COLUMN agent_initialization TEXT -- for agentError: a failing new session takes so long
              CONSTRAINT "agent_initialization is a duration like 120s" CHECK (agent_initialization GLOB '[0-9]*[smhd]');
            """)

    /// What verdicts look at: the clock of a call's space, and the marks of callers that wanted to call.
    static let m005Verdicts = Migration(
        sql: """
            ALTER TABLE calls ADD COLUMN session_call INTEGER; -- which call of its session, from 1
            ALTER TABLE calls ADD COLUMN clock INTEGER; -- what the clock of its space said when it arrived
            ALTER TABLE calls ADD COLUMN ended_clock INTEGER; -- and when it ended; NULL for one that just ran on
            CREATE TABLE marks ( -- somebody wanted to call and did not
              id INTEGER PRIMARY KEY,
              run INTEGER NOT NULL,
              at INTEGER NOT NULL, -- nanoseconds since 1970
              clock INTEGER NOT NULL, -- what the clock of its space said then
              space TEXT NOT NULL,
              agent TEXT,
              caller TEXT, -- by whatever an expectation tells callers apart
              note TEXT
            ) STRICT;
            """)

    /// What became of a call on the other side, when it was passed on; and how long an agent there may take to come up.
    static let m006Upstream = Migration(
        sql: """
            ALTER TABLE calls ADD COLUMN upstream_url TEXT;
            ALTER TABLE calls ADD COLUMN upstream_status INTEGER;
            ALTER TABLE calls ADD COLUMN upstream_connected INTEGER; -- nanoseconds after the call arrived
            ALTER TABLE calls ADD COLUMN upstream_first_byte INTEGER; -- nanoseconds after the call arrived
            ALTER TABLE calls ADD COLUMN upstream_ended INTEGER; -- nanoseconds after the call arrived
            ALTER TABLE calls ADD COLUMN upstream_error TEXT;
            ALTER TABLE agents ADD COLUMN initialization TEXT -- how long an agent that calls are passed on to may take to come up
              CONSTRAINT "initialization is a duration like 10s" CHECK (initialization GLOB '[0-9]*[smhd]');
            """)

    /// What the journal tells of a call beyond its request and its answer.
    static let m007Facts = Migration(
        sql: """
            ALTER TABLE calls ADD COLUMN token_id TEXT; -- the jti of the token shown, or the beginning of its hash
            ALTER TABLE calls ADD COLUMN token_issued INTEGER; -- nanoseconds since 1970
            ALTER TABLE calls ADD COLUMN token_expires INTEGER; -- nanoseconds since 1970
            ALTER TABLE calls ADD COLUMN trace TEXT; -- the trace id of X-Amzn-Trace-Id or traceparent
            ALTER TABLE calls ADD COLUMN issuer_grant TEXT; -- of a call to the issuer: the grant or flow
            ALTER TABLE calls ADD COLUMN issuer_client TEXT; -- and the client
            ALTER TABLE calls ADD COLUMN unmatched INTEGER; -- 1: it was let in, and nothing in the library answers it
            ALTER TABLE calls ADD COLUMN why TEXT; -- of a call that was refused, what was wrong with it
            -- What were texts, "slow" or "cut (not applied: the reply has no frames)", are objects.
            UPDATE calls SET faults = (
              SELECT json_group_array(json_object(
                'name', CASE WHEN instr(value, ' (not applied: ') THEN substr(value, 1, instr(value, ' (not applied: ') - 1) ELSE value END,
                'why', CASE WHEN instr(value, ' (not applied: ') THEN substr(value, instr(value, ' (not applied: ') + 15, length(value) - instr(value, ' (not applied: ') - 15) END))
              FROM json_each(faults))
            WHERE json_valid(faults) AND json_type(faults) = 'array';
            """)

    /// Where a client sends people who have signed in on the issuer's pages.
    static let m009Login = Migration(
        sql: """
            ALTER TABLE users ADD COLUMN redirect_uris TEXT -- without any: addresses of this machine
              CONSTRAINT "redirect_uris is a JSON array of URIs" CHECK (redirect_uris IS NULL OR json_valid(redirect_uris) AND json_type(redirect_uris) = 'array');
            """)

    /// What stands in recordings in the place of secrets, and how long pieces were before.
    static let m010Pseudonyms = Migration(
        sql: """
            CREATE TABLE pseudonyms ( -- [jwt-1] is the same secret wherever it stands in this library
              kind TEXT NOT NULL,
              number INTEGER NOT NULL,
              code BLOB NOT NULL, -- of the secret, under a key that is not in this file: HMAC-SHA-256, 16 bytes
              PRIMARY KEY (kind, number)
            ) STRICT;

            ALTER TABLE recorded_frames ADD COLUMN size INTEGER; -- its bytes when it came, where a secret was replaced
            """)

    /// What takes time at an agent: cold starts by ordinal, the end of a session, the longest answers.
    static let m011Times = Migration(
        sql: """
            ALTER TABLE agents ADD COLUMN cold_start_first INTEGER -- so many sessions take cold_start, the rest cold_start_then
              CONSTRAINT "cold_start_first is 1 or more" CHECK (cold_start_first >= 1);
            ALTER TABLE agents ADD COLUMN cold_start_then TEXT
              CONSTRAINT "cold_start_then is a duration like 2s" CHECK (cold_start_then GLOB '[0-9]*[smhd]');
            ALTER TABLE agents ADD COLUMN stop_takes TEXT -- how long StopRuntimeSession takes
              CONSTRAINT "stop_takes is a duration like 3.4s" CHECK (stop_takes GLOB '[0-9]*[smhd]');
            ALTER TABLE agents ADD COLUMN longest_request TEXT -- an answer begins by then, or is 504
              CONSTRAINT "longest_request is a duration like 15m" CHECK (longest_request GLOB '[0-9]*[smhd]');
            ALTER TABLE agents ADD COLUMN longest_stream TEXT -- an answer is cut then
              CONSTRAINT "longest_stream is a duration like 60m" CHECK (longest_stream GLOB '[0-9]*[smhd]');
            ALTER TABLE agents ADD COLUMN retry_after TEXT -- what those who come too fast are told
              CONSTRAINT "retry_after is a duration like 2s" CHECK (retry_after GLOB '[0-9]*[smhd]');
            """)

    /// Of recorded conversations, who said what.
    static let m012Messages = Migration(
        sql: """
            ALTER TABLE recorded_frames ADD COLUMN direction TEXT -- of a message: in, from the client, or out; NULL of a piece of an answer
              CONSTRAINT "direction is in or out" CHECK (direction IN ('in', 'out'));
            ALTER TABLE recorded_frames ADD COLUMN kind TEXT -- of a message; a close has its code and its reason as bytes
              CONSTRAINT "kind is text, binary or close" CHECK (kind IN ('text', 'binary', 'close'));
            """)

    /// What the services beside the agents' say: Parameter Store's parameters.
    static let m013Parameters = Migration(
        sql: """
            CREATE TABLE parameters (
              id INTEGER PRIMARY KEY,
              position INTEGER,
              name TEXT NOT NULL, -- /a/b
              type TEXT CONSTRAINT "type is String, StringList or SecureString" CHECK (type IN ('String', 'StringList', 'SecureString')),
              value TEXT NOT NULL
            ) STRICT;
            """)

    /// What X-Ray was told of a call's trace.
    static let m014Segments = Migration(
        sql: """
            ALTER TABLE calls ADD COLUMN segments TEXT; -- a JSON array of segment documents
            """)
}
