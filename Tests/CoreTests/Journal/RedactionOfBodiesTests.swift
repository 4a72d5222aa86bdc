import Journal
import Testing

@Suite("Redaction of the issuer's bodies") struct RedactionOfBodiesTests {
    @Test(
        "forms and JSON lose the values of secret names and nothing else",
        arguments: [
            (
                "grant_type=client_credentials&client_id=c&client_secret=S&scope=a%20b",
                "grant_type=client_credentials&client_id=c&client_secret=[redacted]&scope=a%20b"
            ),
            ("refresh%5Ftoken=S&a=b", "refresh%5Ftoken=[redacted]&a=b"),
            ("assertion=S&code=S&password=S", "assertion=[redacted]&code=[redacted]&password=[redacted]"),
            (
                #"{"AuthFlow":"X","AuthParameters":{"USERNAME":"anna","PASSWORD":"S","SECRET_HASH":"S","REFRESH_TOKEN":"S"}}"#,
                #"{"AuthFlow":"X","AuthParameters":{"USERNAME":"anna","PASSWORD":"[redacted]","SECRET_HASH":"[redacted]","REFRESH_TOKEN":"[redacted]"}}"#
            ),
            (
                #"{"access_token":"S","id_token":"S","refresh_token":"S","token_type":"Bearer","expires_in":3600}"#,
                #"{"access_token":"[redacted]","id_token":"[redacted]","refresh_token":"[redacted]","token_type":"Bearer","expires_in":3600}"#
            ),
            (
                #"{"AuthenticationResult":{"AccessToken":"S","IdToken":"S","RefreshToken":"S","ExpiresIn":1}}"#,
                #"{"AuthenticationResult":{"AccessToken":"[redacted]","IdToken":"[redacted]","RefreshToken":"[redacted]","ExpiresIn":1}}"#
            ),
            (#"[{"token":{"deep":["S"]}},{"password":5}]"#, #"[{"token":"[redacted]"},{"password":"[redacted]"}]"#),
            ("", ""),
            (" ", " "),
        ])
    func named(body: String, redacted: String) {
        #expect(String(decoding: Redaction.redact(issuerBody: Array(body.utf8)), as: UTF8.self) == redacted)
    }

    @Test(
        "of a body that is neither, nothing stays",
        arguments: [#"{"PASSWORD":"S"#, "S", "a=b&S", "<password>S</password>", "password:\u{1}=S", "\"S\""])
    func neither(body: String) {
        #expect(Redaction.redact(issuerBody: Array(body.utf8)) == Array("[redacted]".utf8))
    }
}
