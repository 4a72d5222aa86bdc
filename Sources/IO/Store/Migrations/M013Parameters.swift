extension Migration {
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
}
