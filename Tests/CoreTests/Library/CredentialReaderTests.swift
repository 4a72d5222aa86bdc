import Testing

@Suite("Credentials in files") struct CredentialReaderTests {
    @Test(
        "every field is checked",
        arguments: [
            Refused(#""credentials": [{"secretAccessKey": "s"}]"#, "credentials[0]", #""accessKeyId" is missing"#),
            Refused(#""credentials": [{"accessKeyId": "A"}]"#, "credentials[0]", #""secretAccessKey" is missing"#),
            Refused(
                #""credentials": [{"accessKeyId": "A/B", "secretAccessKey": "s"}]"#, "credentials[0].accessKeyId",
                #""A/B" cannot be an access key id"#),
            Refused(
                #""credentials": [{"accessKeyId": "A", "secretAccessKey": ""}]"#, "credentials[0].secretAccessKey",
                "is empty"),
            Refused(
                #""credentials": [{"accessKeyId": "A", "secretAccessKey": "s", "expires": "tomorrow"}]"#,
                "credentials[0].expires", #""tomorrow" is not a moment"#),
            Refused(
                #""credentials": [{"accessKeyId": "A", "secretAccessKey": "s", "expires": "2026-02-30T00:00:00Z"}]"#,
                "credentials[0].expires", #""2026-02-30"#),
            Refused(
                #""credentials": [{"accessKeyId": "A", "secretAccessKey": "s", "deny": [""]}]"#,
                "credentials[0].deny[0]", "the pattern is empty"),
            Refused(
                #""credentials": [{"accessKeyId": "A", "secretAccesKey": "s", "secretAccessKey": "s"}]"#,
                "credentials[0].secretAccesKey", #""secretAccesKey" is not known here; did you mean "secretAccessKey"?"#
            ),
        ])
    func refused(refused: Refused) { refused.isRefused() }

    @Test("a mistake never repeats a secret")
    func secrecy() {
        let found = mistakes(
            in:
                #"{"understudy": 1, "credentials": [{"accessKeyId": "A B", "secretAccessKey": "hush", "sessionToken": 1}]}"#
        )
        #expect(found.count == 2 && !found.joined().contains("hush"))
    }
}
