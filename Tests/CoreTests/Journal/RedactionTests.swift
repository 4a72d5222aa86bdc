import Bytes
import Delivery
import HTTPWire
import JSON
import Journal
import Support
import Testing
import Time

@Suite("Redaction") struct RedactionTests {
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

    @Test("planted secrets appear nowhere, neither in the bytes nor in the JSON of the call")
    func planted() {
        let request = Request.made("GET", Self.target, [("Host", "h")] + Self.planted + [("Accept", "*/*")])
        var call = Call(
            number: 1, space: "default", arrived: Instant(seconds: 0), request: Redaction.redact(request), inFlight: 1)
        call.auth = Call.Auth(scheme: "sigv4", verdict: .refused)
        call.auth?.canonicalRequest =
            "GET\n/\nX-Amz-Security-Token=SECRET&a=b\nauthorization:SECRET\nhost:h\nx-amz-security-token:SECRET\n\n"
            + "host;x-amz-security-token\ne3b0"
        var fields = FieldBlock()
        fields.add("Content-Type", "text/plain")
        fields.add("Set-Cookie", "a=SECRET")
        fields.add("Set-Cookie", "b=SECRET")
        let echo = Array("token:SECRET//////////wEXAMPLE==\\n SECRET-bearer-token SECRET/token SECRET%2Ftoken.".utf8)
        call.reply = Redaction.redact(ReplyRecord(status: 403, fields: fields, body: echo), answering: request)
        #expect(!String(decoding: call.request.head, as: UTF8.self).contains("SECRET"))
        let text = call.json.json()
        #expect(!text.contains("SECRET"))
        #expect(text.contains("[redacted]"))
    }

    @Test("what is no secret stays, and every place still fits")
    func rest() {
        let request = Redaction.redact(
            .made("GET", Self.target, [("Host", "h")] + Self.planted + [("Accept", "*/*")], body: [1, 2]))
        #expect(request.methodText == "GET")
        #expect(request.pathText == "/runtimes/a/invocations")
        #expect(
            request.targetText
                == "/runtimes/a/invocations?qualifier=DEFAULT&X-Amz-Credential=AKID%2F2026"
                + "&X-Amz-Security-Token=[redacted]&X-Amz-Signature=[redacted]&access%5Ftoken=[redacted]"
                + "&TOKEN=[redacted]&client_secret=[redacted]&code=[redacted]&last=1")
        #expect(request.query.map { String(decoding: request.head[$0], as: UTF8.self) }?.hasSuffix("last=1") == true)
        #expect(request.text(of: "host") == "h")
        #expect(request.text(of: "accept") == "*/*")
        #expect(
            request.values(of: "authorization").map { String(decoding: $0, as: UTF8.self) }
                == ["[redacted]", "[redacted]", "[redacted]"])
        #expect(request.text(of: "cookie") == "[redacted]")
        #expect(
            request.text(of: "sec-websocket-protocol")
                == "base64UrlBearerAuthorization.[redacted], base64UrlBearerAuthorization")
        #expect(request.fields.map { String(decoding: request.head[$0.name], as: UTF8.self) }.last == "Accept")
        #expect(request.body == [1, 2])
    }

    @Test("a request without secrets stays as it is, byte for byte")
    func untouched() {
        let request = Request.made(
            "POST", "/a?b=c", [("Host", "h"), ("User-Agent", "Boto3/1.4"), ("Accept", "*/*")], body: [1])
        #expect(Redaction.redact(request) == request)
    }

    @Test("secrets of every length from none to long are masked in every place", arguments: 0..<24)
    func lengths(count: Int) {
        let secret = String(repeating: "S", count: count)
        let mask = count == 0 ? "" : "[redacted]"
        let request = Redaction.redact(
            .made(
                "GET", "/?token=\(secret)&a=b",
                [("X-Api-Key", secret), ("Authorization", "Bearer \(secret)"), ("B", "c")]))
        #expect(request.targetText == "/?token=\(mask)&a=b")
        #expect(request.text(of: "x-api-key") == mask)
        #expect(request.text(of: "authorization") == "[redacted]")
        #expect(request.text(of: "b") == "c")
    }

    @Test("the fields of a reply lose their cookies and nothing else")
    func replyFields() {
        var fields = FieldBlock()
        fields.add("Content-Type", "application/json")
        fields.add("Set-Cookie", "a=b; HttpOnly")
        fields.add("Location", "https://a/cb?state=1&code=xyz")
        fields.add("X-Last", "")
        #expect(
            String(decoding: Redaction.redact(fields).bytes, as: UTF8.self)
                == "Content-Type: application/json\r\nSet-Cookie: [redacted]\r\n"
                + "Location: https://a/cb?state=1&code=[redacted]\r\nX-Last: \r\n")
    }

    @Test("a template that repeats a token is masked in the record's body and frames; a short secret is left alone")
    func echoed() {
        let request = Request.made("GET", "/", [("Authorization", "Bearer abcdefgh"), ("X-Api-Key", "a")])
        let script = FrameScript(frames: [
            FrameScript.Frame(bytes: Array("data: abcdefghabcdefgh\n\n".utf8), offset: 0, gap: 0)
        ])
        let reply = Redaction.redact(
            ReplyRecord(
                status: 200, fields: FieldBlock(), body: Array("a abcdefg abcdefgh".utf8),
                frames: FrameRun(script: script, start: 0, seed: 1)),
            answering: request)
        #expect(reply.body == Array("a abcdefg [redacted]".utf8))
        #expect(reply.frames?.script.frames[0].bytes == Array("data: [redacted][redacted]\n\n".utf8))
    }

    @Test(
        "any bytes as canonical request do no harm",
        arguments: ["", "\n", "\n\n\n\n", "a", "GET\n/\n", "\n\ntoken=\n:\n:x"])
    func canonicalRequest(text: String) {
        #expect(Redaction.redact(canonicalRequest: text) == text)
    }
}
