extension Migration {
    /// Where a client sends people who have signed in on the issuer's pages.
    static let m009Login = Migration(
        sql: """
            ALTER TABLE users ADD COLUMN redirect_uris TEXT -- without any: addresses of this machine
              CONSTRAINT "redirect_uris is a JSON array of URIs" CHECK (redirect_uris IS NULL OR json_valid(redirect_uris) AND json_type(redirect_uris) = 'array');
            """)
}
