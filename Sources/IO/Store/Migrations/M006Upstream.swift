extension Migration {
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
}
