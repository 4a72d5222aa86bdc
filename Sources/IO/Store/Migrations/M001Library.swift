extension Migration {
    /// What a library says. Meant to be edited with SQL: words as in the scenario file, durations as `250ms`, nested
    /// things as JSON, and every rule of the file format that SQL can hold is a constraint whose name says the rule.
    static let m001Library = Migration(
        sql: """
            CREATE TABLE agents (
              id INTEGER PRIMARY KEY,
              position INTEGER, -- their order; without one they come last, as they were added
              arn TEXT NOT NULL, -- an ARN, an agent id, a glob over either, or *
              protocol TEXT CONSTRAINT "protocol is HTTP, MCP, A2A or AGUI" CHECK (protocol IN ('HTTP', 'MCP', 'A2A', 'AGUI')),
              auth TEXT CONSTRAINT "auth is sigv4, any, none or jwt" CHECK (auth IN ('sigv4', 'any', 'none', 'jwt')),
              jwt TEXT CONSTRAINT "jwt is a JSON object, the customJWTAuthorizer" CHECK (jwt IS NULL OR json_valid(jwt) AND json_type(jwt) = 'object'),
              dialect TEXT CONSTRAINT "dialect is 2025 or 2026" CHECK (dialect IN ('2025', '2026')),
              idle_timeout TEXT CONSTRAINT "idle_timeout is a duration like 15m" CHECK (idle_timeout GLOB '[0-9]*[smhd]'),
              max_lifetime TEXT CONSTRAINT "max_lifetime is a duration like 8h" CHECK (max_lifetime GLOB '[0-9]*[smhd]'),
              cold_start TEXT CONSTRAINT "cold_start is a duration like 1.8s" CHECK (cold_start GLOB '[0-9]*[smhd]'),
              request_headers TEXT CONSTRAINT "request_headers is a JSON array of names" CHECK (request_headers IS NULL OR json_valid(request_headers) AND json_type(request_headers) = 'array'),
              forward TEXT,
              written_empty TEXT, -- keys that a scenario file wrote with nothing in them: endpoints, session
              CONSTRAINT "jwt goes with auth jwt, and only with it" CHECK ((auth IS 'jwt') = (jwt IS NOT NULL))
            ) STRICT;

            CREATE TABLE endpoints (
              id INTEGER PRIMARY KEY,
              agent INTEGER NOT NULL REFERENCES agents(id) ON DELETE CASCADE,
              position INTEGER,
              name TEXT NOT NULL
            ) STRICT;
            CREATE INDEX endpoints_of_agent ON endpoints(agent);

            CREATE TABLE credentials (
              id INTEGER PRIMARY KEY,
              position INTEGER,
              access_key_id TEXT NOT NULL,
              secret_access_key TEXT NOT NULL,
              session_token TEXT,
              expires TEXT, -- RFC 3339
              deny TEXT CONSTRAINT "deny is a JSON array of actions" CHECK (deny IS NULL OR json_valid(deny) AND json_type(deny) = 'array')
            ) STRICT;

            CREATE TABLE users (
              id INTEGER PRIMARY KEY,
              position INTEGER,
              username TEXT NOT NULL,
              password TEXT,
              client_id TEXT,
              client_secret TEXT,
              groups TEXT CONSTRAINT "groups is a JSON array of names" CHECK (groups IS NULL OR json_valid(groups) AND json_type(groups) = 'array'),
              scopes TEXT CONSTRAINT "scopes is a JSON array of names" CHECK (scopes IS NULL OR json_valid(scopes) AND json_type(scopes) = 'array')
            ) STRICT;

            CREATE TABLE rules ( -- tried in order, the first match wins
              id INTEGER PRIMARY KEY,
              position INTEGER,
              name TEXT,
              agent TEXT, -- glob over the agent's id or ARN
              qualifier TEXT,
              operation TEXT,
              when_session TEXT, -- glob
              when_user TEXT, -- glob
              when_call TEXT, -- 1, 2-4, 5+, every 3
              when_state TEXT,
              then_state TEXT, -- the session's next state
              written_empty TEXT -- keys that a scenario file wrote with nothing in them: when
            ) STRICT;

            CREATE TABLE conditions ( -- what a rule asks of the payload and of the headers; all of it has to hold
              id INTEGER PRIMARY KEY,
              rule INTEGER NOT NULL REFERENCES rules(id) ON DELETE CASCADE,
              position INTEGER,
              subject TEXT NOT NULL CONSTRAINT "subject is payload or header" CHECK (subject IN ('payload', 'header')),
              name TEXT NOT NULL, -- a path like $.prompt, or a header's name
              equals TEXT CONSTRAINT "equals is JSON: a text wants its quotes" CHECK (equals IS NULL OR json_valid(equals)),
              contains TEXT,
              matches TEXT, -- regular expression
              must_exist INTEGER CONSTRAINT "must_exist is 0 or 1" CHECK (must_exist IN (0, 1))
            ) STRICT;
            CREATE INDEX conditions_of_rule ON conditions(rule);

            CREATE TABLE replies ( -- one for each rule
              rule INTEGER PRIMARY KEY REFERENCES rules(id) ON DELETE CASCADE,
              kind TEXT NOT NULL CONSTRAINT "kind is json, text, base64, file, stream, echo, error or agentError"
                CHECK (kind IN ('json', 'text', 'base64', 'file', 'stream', 'echo', 'error', 'agentError')),
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
              CONSTRAINT "a json reply wants the column json" CHECK (kind <> 'json' OR json IS NOT NULL),
              CONSTRAINT "a text reply wants the column text" CHECK (kind <> 'text' OR text IS NOT NULL),
              CONSTRAINT "a base64 reply wants the column bytes" CHECK (kind <> 'base64' OR bytes IS NOT NULL),
              CONSTRAINT "a file reply wants the column file" CHECK (kind <> 'file' OR file IS NOT NULL),
              CONSTRAINT "an error reply wants the column error" CHECK (kind <> 'error' OR error IS NOT NULL),
              CONSTRAINT "an agentError reply wants the column agent_status" CHECK (kind <> 'agentError' OR agent_status IS NOT NULL)
            ) STRICT;

            CREATE TABLE frames ( -- the events of a stream reply
              id INTEGER PRIMARY KEY,
              rule INTEGER NOT NULL REFERENCES replies(rule) ON DELETE CASCADE,
              position INTEGER,
              data TEXT CONSTRAINT "data is JSON: a text wants its quotes" CHECK (data IS NULL OR json_valid(data)),
              text TEXT, -- in place of data: sent as it is, a data line for each of its lines
              event TEXT,
              event_id TEXT,
              retry INTEGER,
              comment TEXT,
              after TEXT CONSTRAINT "after is a duration like 100ms" CHECK (after GLOB '[0-9]*[smhd]')
            ) STRICT;
            CREATE INDEX frames_of_rule ON frames(rule);

            CREATE TABLE faults (
              id INTEGER PRIMARY KEY,
              position INTEGER,
              name TEXT,
              agent TEXT,
              endpoint TEXT,
              operation TEXT,
              fault TEXT NOT NULL, -- its word: throttle, reset, expiring-token
              applies_on TEXT CONSTRAINT "applies_on is a JSON object like {""calls"":""1-2""}" CHECK (applies_on IS NULL OR json_valid(applies_on) AND json_type(applies_on) = 'object'),
              parameters TEXT NOT NULL DEFAULT '{}' CONSTRAINT "parameters is a JSON object" CHECK (parameters IS NULL OR json_valid(parameters) AND json_type(parameters) = 'object')
            ) STRICT;

            CREATE TABLE files ( -- what file replies send
              id INTEGER PRIMARY KEY,
              path TEXT NOT NULL UNIQUE,
              content BLOB NOT NULL
            ) STRICT;

            CREATE VIEW rules_readable AS
              SELECT r.id, r.name, coalesce(r.agent, '*') AS agent,
                tests_of_rule.tests, r.when_session, r.when_user, r.when_call, r.when_state, r.then_state,
                p.kind, coalesce(p.json, p.text, p.file, p.error, p.agent_status, length(p.bytes) || ' bytes',
                  (SELECT count(*) || ' frames' FROM frames f WHERE f.rule = r.id AND p.kind = 'stream')) AS reply
              FROM rules r LEFT JOIN replies p ON p.rule = r.id
              LEFT JOIN (
                SELECT rule, group_concat(name || coalesce(' equals ' || equals, '') || coalesce(' contains ' || contains, '')
                  || coalesce(' matches ' || matches, '') || CASE must_exist WHEN 1 THEN ' exists' WHEN 0 THEN ' is absent' ELSE '' END, ' and ') AS tests
                FROM conditions GROUP BY rule
              ) tests_of_rule ON tests_of_rule.rule = r.id
              ORDER BY r.position IS NULL, r.position, r.id;
            """)
}
