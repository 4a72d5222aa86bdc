import Testing

@Suite("Users in files") struct UserReaderTests {
    @Test(
        "every field is checked",
        arguments: [
            Refused(#""users": [{"password": "p"}]"#, "users[0]", #""username" is missing"#),
            Refused(
                #""users": [{"username": "u", "password": 1234}]"#, "users[0].password",
                "expected a string, found a number"),
            Refused(
                #""users": [{"username": "u", "clientSecret": "s"}]"#, "users[0].clientSecret",
                "a secret without a clientId"),
            Refused(#""users": [{"username": "u", "groups": "g"}]"#, "users[0].groups", "expected a list of strings"),
            Refused(
                #""users": [{"username": "u", "groups": ["g", 2]}]"#, "users[0].groups[1]",
                "expected a string, found a number"),
            Refused(
                #""users": [{"username": "u", "scopes": ["a b"]}]"#, "users[0].scopes[0]", #""a b" cannot be a scope"#),
        ])
    func refused(refused: Refused) { refused.isRefused() }

    @Test("a machine client is a user without a password")
    func machine() throws {
        let users = try fileHolding(
            #""users": [{"username": "m", "clientId": "c", "clientSecret": "s", "scopes": ["rs/read"]}]"#
        ).users
        #expect(users[0].password == nil && users[0].scopes == ["rs/read"])
    }
}
