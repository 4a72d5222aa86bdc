extension Migration {
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
}
