extension Migration {
    /// Of recorded conversations, who said what.
    static let m012Messages = Migration(
        sql: """
            ALTER TABLE recorded_frames ADD COLUMN direction TEXT -- of a message: in, from the client, or out; NULL of a piece of an answer
              CONSTRAINT "direction is in or out" CHECK (direction IN ('in', 'out'));
            ALTER TABLE recorded_frames ADD COLUMN kind TEXT -- of a message; a close has its code and its reason as bytes
              CONSTRAINT "kind is text, binary or close" CHECK (kind IN ('text', 'binary', 'close'));
            """)
}
