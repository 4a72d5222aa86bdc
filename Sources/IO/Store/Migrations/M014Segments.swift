extension Migration {
    /// What X-Ray was told of a call's trace.
    static let m014Segments = Migration(
        sql: """
            ALTER TABLE calls ADD COLUMN segments TEXT; -- a JSON array of segment documents
            """)
}
