import Delivery
import HTTPWire
import Support
import Testing
import Time

@testable import Journal

@Suite("Masking") struct MaskingTests {
    /// Every secret says so, so that one search finds any that is left.
    static let planted: [(String, String)] = [
        ("Authorization", "Bearer SECRET-bearer-token"),
        (
            "authorization",
            "AWS4-HMAC-SHA256 Credential=AKID/20260115/r/s/aws4_request, SignedHeaders=host, Signature=SECRET0f0f0f0f"
        ),
        ("AUTHORIZATION", "SECRET"),
        ("Proxy-Authorization", "Basic SECRETdTpw"),
        ("Cookie", "session=SECRET; theme=dark"),
        ("Set-Cookie", "a=SECRET"),
        ("X-Amz-Security-Token", "SECRET//////////wEXAMPLE=="),
        ("WorkloadAccessToken", "SECRET"),
        ("X-Amz-Bedrock-AgentCore-Identity-WAT", "SECRET"),
        ("x-api-key", "SECRET"),
        ("Sec-WebSocket-Protocol", "base64UrlBearerAuthorization.SECRET, base64UrlBearerAuthorization"),
        ("X-Custom", "Bearer SECRET"),
        ("Referer", "http://a/?token=SECRET"),
    ]
    static let target =
        "/runtimes/a/invocations?qualifier=DEFAULT&X-Amz-Credential=AKID%2F2026&X-Amz-Security-Token=SECRET%2Ftoken"
        + "&X-Amz-Signature=SECRETf00&access%5Ftoken=SECRET&TOKEN=SECRET&client_secret=SECRET&code=SECRET&last=1"

    private func call(_ request: Request) -> Call {
        Call(number: 1, space: "default", arrived: Instant(seconds: 0), request: request, inFlight: 1)
    }

    /// What the journal tells of a request.
    private func told(_ request: Request) -> (target: String, headers: [(name: String, value: String)]) {
        let record = CallRecord(call(request))
        let headers = FieldBlock(bytes: Array(record.content(.requestHeaders) ?? []))
        return (record.text(.target) ?? "", headers.list)
    }

    @Test("calls that sign alike, one after the other, lose their signatures, and so does what follows one")
    func signedAgain() throws {
        let event = CallEvent()
        let beginning = "AWS4-HMAC-SHA256 Credential=AKID/20260115/r/s/aws4_request, SignedHeaders=host, "
        for (number, end) in ["", "", ", SECRET", "SECRET", " SECRET", ""].enumerated() {
            let signature = String(repeating: "\(number)", count: 64 - end.utf8.count) + end
            let text = "POST / HTTP/1.1\r\nHost: h\r\nAuthorization: \(beginning)Signature=\(signature)\r\n\r\n"
            var call = call(try #require(Request(reading: Array(text.utf8), known: .understudy)))
            let answer = end.isEmpty ? "it was \(signature)." : ""
            call.reply = ReplyRecord(status: 200, fields: FieldBlock(), body: Array(answer.utf8))
            event.setArrival(of: call)
            let told = String(decoding: event.bytes, as: UTF8.self)
            #expect(!told.contains("SECRET") && !told.contains(signature.prefix(40)), "\(number)")
        }
    }

    @Test(
        "why a caller was refused repeats what it sent, but for its secrets",
        arguments: ["deadbeefdeadbeefdeadbeef", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"])
    func refusedInItsWords(secret: String) {
        let header = "AWS4-HMAC-SHA256 Credential=A/20260115/r/s/aws4_request, SignedHeaders=host, Signature=\(secret)"
        var call = call(.made("POST", "/", [("Host", "h"), ("Authorization", header)]))
        call.auth = Call.Auth(scheme: "sigv4", verdict: .refused, why: "No date. Authorization=\(header)")
        let record = CallRecord(call)
        #expect(record.text(.authWhy)?.hasPrefix("No date. Authorization=AWS4-HMAC-SHA256 Credential=A/") == true)
        #expect(record.text(.authWhy)?.hasSuffix("Signature=[redacted]") == true)
        #expect(!String(decoding: record.bytes, as: UTF8.self).contains(secret))
    }

    @Test("fields that stand oddly are told like all others")
    func odd() throws {
        for value in ["X-A:1", "X-A:  1", "X-A: 1 ", "X-A: 1", "X-A:", "X-A: "] {
            let text = "POST / HTTP/1.1\r\nHost: h\r\n\(value)\r\nCookie: SECRET\r\nX-B: 2\r\n\r\n"
            let told = told(try #require(Request(reading: Array(text.utf8), known: .understudy))).headers
            #expect(told.map(\.name) == ["Host", "X-A", "Cookie", "X-B"])
            #expect(told.map(\.value) == ["h", value.contains("1") ? "1" : "", "[redacted]", "2"])
        }
    }

    @Test("planted secrets appear nowhere, neither in the bytes nor in the JSON of the call")
    func planted() {
        var call = call(.made("GET", Self.target, [("Host", "h")] + Self.planted + [("Accept", "*/*")]))
        call.auth = Call.Auth(scheme: "sigv4", verdict: .refused)
        call.auth?.canonicalRequest =
            "GET\n/\nX-Amz-Security-Token=SECRET&a=b\nauthorization:SECRET\nhost:h\nx-amz-security-token:SECRET\n\n"
            + "host;x-amz-security-token\ne3b0"
        var fields = FieldBlock()
        fields.add("Content-Type", "text/plain")
        fields.add("Set-Cookie", "a=SECRET")
        fields.add("Set-Cookie", "b=SECRET")
        let echo = Array("token:SECRET//////////wEXAMPLE==\\n SECRET-bearer-token SECRET/token SECRET%2Ftoken.".utf8)
        call.reply = ReplyRecord(status: 403, fields: fields, body: echo)
        let record = CallRecord(call)
        #expect(!String(decoding: record.bytes, as: UTF8.self).contains("SECRET"))
        let text = record.json.json()
        #expect(!text.contains("SECRET"))
        #expect(text.contains("[redacted]"))
    }

    @Test("what is no secret stays, in its order")
    func rest() {
        let (target, headers) = told(.made("GET", Self.target, [("Host", "h")] + Self.planted + [("Accept", "*/*")]))
        #expect(
            target
                == "/runtimes/a/invocations?qualifier=DEFAULT&X-Amz-Credential=AKID%2F2026"
                + "&X-Amz-Security-Token=[redacted]&X-Amz-Signature=[redacted]&access%5Ftoken=[redacted]"
                + "&TOKEN=[redacted]&client_secret=[redacted]&code=[redacted]&last=1")
        #expect(headers.map(\.name) == ["Host"] + Self.planted.map(\.0) + ["Accept"])
        #expect(headers.first?.value == "h" && headers.last?.value == "*/*")
        let masked = headers.dropFirst().dropLast().map(\.value)
        #expect(masked[..<10].allSatisfy { $0 == "[redacted]" })
        #expect(
            masked[10...] == [
                "base64UrlBearerAuthorization.[redacted], base64UrlBearerAuthorization", "Bearer [redacted]",
                "http://a/?token=[redacted]",
            ])
    }

    @Test(
        "a secret in the middle of a field that is called otherwise is masked there, and in what repeats it",
        arguments: ["X-Debug", "Baggage", "tracestate", "X-Amzn-Bedrock-AgentCore-Runtime-Custom-Note"])
    func inside(name: String) throws {
        let jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbm5hIn0.c2lnbmF0dXJl"
        for (value, told) in [
            ("user=anna;jwt=\(jwt), next=1", "user=anna;jwt=[redacted], next=1"),
            ("key AKIAIOSFODNN7EXAMPLE here", "key [redacted] here"),
            (#"{"password":"correct-horse-1","a":1}"#, #"{"password":"[redacted]","a":1}"#),
            (
                "plain words, id=0f8fad5b-d9cb-469f-a165-70867728950e",
                "plain words, id=0f8fad5b-d9cb-469f-a165-70867728950e"
            ),
        ] {
            let text = "POST / HTTP/1.1\r\nHost: h\r\n\(name): \(value)\r\nX-Last: 1\r\n\r\n"
            var call = call(try #require(Request(reading: Array(text.utf8), known: .understudy)))
            call.reply = ReplyRecord(status: 200, fields: FieldBlock(), body: Array("It was \(value)".utf8))
            let record = CallRecord(call)
            #expect(record.text(.requestHeaders) == "Host: h\r\n\(name): \(told)\r\nX-Last: 1\r\n")
            #expect(record.text(.replyBody) == "It was \(told)")
        }
    }

    @Test("a token as the id of a session, a user or an endpoint is masked beside the request too; other ids stay")
    func ids() {
        var call = call(.made("GET", "/"))
        (call.session, call.user, call.qualifier) = ("eyJhbGciOi.b.SECRET", "Bearer SECRET", "eyJhbGciOi.c.SECRET")
        let record = CallRecord(call)
        #expect([.session, .user, .qualifier].map { record.text($0) } == ["[redacted]", "[redacted]", "[redacted]"])
        (call.session, call.user, call.qualifier) = ("session-1", "anna", "DEFAULT")
        let other = CallRecord(call)
        #expect([.session, .user, .qualifier].map { other.text($0) } == ["session-1", "anna", "DEFAULT"])
    }

    @Test("a request without secrets is told as it stands; lines that stand otherwise are told as all are")
    func untouched() throws {
        let plain = told(.made("POST", "/a?b=c", [("Host", "h"), ("User-Agent", "Boto3/1.4"), ("Accept", "*/*")]))
        #expect(plain.target == "/a?b=c")
        #expect(plain.headers.map { "\($0.name): \($0.value)" } == ["Host: h", "User-Agent: Boto3/1.4", "Accept: */*"])
        let text = "GET / HTTP/1.1\r\nHost:h\r\nA: b\r\nX-Two:  spaced \r\nEmpty:\r\nCookie:c\r\n\r\n"
        let request = try #require(Request(reading: Array(text.utf8)))
        let record = CallRecord(call(request))
        #expect(record.text(.requestHeaders) == "Host: h\r\nA: b\r\nX-Two: spaced\r\nEmpty: \r\nCookie: [redacted]\r\n")
    }

    @Test("secrets of every length from none to long are masked in every place", arguments: 0..<24)
    func lengths(count: Int) {
        let secret = String(repeating: "S", count: count)
        let mask = count == 0 ? "" : "[redacted]"
        let (target, headers) = told(
            .made(
                "GET", "/?token=\(secret)&a=b",
                [("X-Api-Key", secret), ("Authorization", "Bearer \(secret)"), ("B", "c")]))
        #expect(target == "/?token=\(mask)&a=b")
        #expect(headers.map(\.value) == [mask, "[redacted]", "c"])
    }

    @Test("the fields of a reply lose their cookies and nothing else; what the service adds is not searched")
    func replyFields() {
        var fields = FieldBlock()
        fields.add("Content-Type", "application/json")
        fields.add("Set-Cookie", "a=b; HttpOnly")
        fields.add("Location", "https://a/cb?state=1&code=xyz")
        fields.add("X-Last", "")
        var call = call(.made("GET", "/"))
        call.reply = ReplyRecord(status: 200, fields: fields)
        #expect(
            CallRecord(call).text(.replyHeaders)
                == "Content-Type: application/json\r\nSet-Cookie: [redacted]\r\n"
                + "Location: https://a/cb?state=1&code=[redacted]\r\nX-Last: \r\n")
        call.reply?.givenFields = "Content-Type: application/json\r\nSet-Cookie: a=b; HttpOnly\r\n".utf8.count
        #expect(CallRecord(call).text(.replyHeaders)?.contains("code=xyz") == true)
        // A token under an innocent name may be what the service repeats.
        call.request = .made("GET", "/", [("X-Mine", "Bearer abc")])
        #expect(CallRecord(call).text(.replyHeaders)?.contains("code=xyz") == false)
    }

    @Test("a template that repeats a token is masked in the record's body and frames; a short secret is left alone")
    func echoed() {
        var call = call(.made("GET", "/", [("Authorization", "Bearer abcdefgh"), ("X-Api-Key", "a")]))
        call.reply = ReplyRecord(status: 200, fields: FieldBlock(), body: Array("a abcdefg abcdefgh".utf8))
        #expect(CallRecord(call).text(.replyBody) == "a abcdefg [redacted]")
        let script = FrameScript(frames: [
            FrameScript.Frame(bytes: Array("data: abcdefghabcdefgh\n\n".utf8), offset: 0, gap: 0)
        ])
        call.reply?.frames = FrameRun(script: script, start: 0, seed: 1)
        #expect(CallRecord(call).frames[0].bytes == Array("data: [redacted][redacted]\n\n".utf8))
        #expect(CallRecord(call).frameRun?.script.frames.count == 1)
    }

    @Test("a body that holds secrets by name is told without them, in the request and in the reply")
    func secretBodies() {
        var call = call(.made("POST", "/", body: Array("password=S&a=b".utf8)))
        call.reply = ReplyRecord(status: 200, fields: FieldBlock(), body: Array(#"{"access_token":"S"}"#.utf8))
        call.hasSecretBodies = true
        #expect(CallRecord(call).text(.requestBody) == "password=[redacted]&a=b")
        #expect(CallRecord(call).text(.replyBody) == #"{"access_token":"[redacted]"}"#)
        #expect(CallRecord(call).number(.requestBodyBytes) == 14)
    }

    @Test(
        "any bytes as canonical request do no harm",
        arguments: ["", "\n", "\n\n\n\n", "a", "GET\n/\n", "\n\ntoken=\n:\n:x"])
    func canonicalRequest(text: String) {
        #expect(Masking.masked(canonicalRequest: text) == text)
    }

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
        #expect(String(decoding: Masking.masked(body: Array(body.utf8)), as: UTF8.self) == redacted)
    }

    @Test(
        "of a body that is neither, nothing stays",
        arguments: [#"{"PASSWORD":"S"#, "S", "a=b&S", "<password>S</password>", "password:\u{1}=S", "\"S\""])
    func neither(body: String) {
        #expect(Masking.masked(body: Array(body.utf8)) == Array("[redacted]".utf8))
    }
}
