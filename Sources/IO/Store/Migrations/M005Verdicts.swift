extension Migration {
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
}
