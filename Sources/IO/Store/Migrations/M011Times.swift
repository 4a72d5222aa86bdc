extension Migration {
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
}
