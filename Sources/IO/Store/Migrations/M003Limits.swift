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
}
