import Delivery
import HTTPWire
import Support
import Testing
import Time

@testable import Journal

@Suite("Masked bodies") struct MaskedBodiesTests {
    private func call(_ request: Request) -> Call {
        Call(number: 1, space: "default", arrived: Instant(seconds: 0), request: request, inFlight: 1)
    }

    @Test(
        "at a wrong door secrets are known by their names, in a form and in JSON, whatever they are",
        arguments: [
            (
                "application/x-www-form-urlencoded", "password=S&client_secret=S&a=b",
                "password=[redacted]&client_secret=[redacted]&a=b"
            ),
            ("application/json", #"{"password": "S", "a": 1}"#, #"{"password": "[redacted]", "a": 1}"#),
            (
                "application/json", #"{"token":{"deep":["S"]},"code":"S"}"#,
                ##"{"token":"[redacted]","code":"[redacted]"}"##
            ),
            ("application/x-amz-json-1.1", #"{"Session":"S"}"#, #"{"Session":"[redacted]"}"#),
            ("application/json", #"{"a":  1.0}"#, #"{"a":  1.0}"#),
            ("application/json", #"{"password"#, #"{"password"#),
            ("application/json", #"{"password":"S"#, #"{"password":"[redacted]"#),
            ("text/plain", "password=S&a=b", "password=[redacted]&a=b"),
        ])
    func wrongDoor(type: String, body: String, told: String) {
        let call = call(.made("POST", "/nowhere", [("Content-Type", type)], body: Array(body.utf8)))
        #expect(CallRecord(call).text(.requestBody) == told)
    }

    private static let jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbm5hIn0.c2lnbmF0dXJl"
    private static let key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

    @Test(
        "an agent's bodies lose passwords, secrets, JWTs and AWS keys; what only sounds like one stays",
        arguments: [
            (#"{"password":"hunter2","a":1}"#, #"{"password":"[redacted]","a":1}"#),
            (#"{"client_secret": "S S", "b": [2]}"#, #"{"client_secret": "[redacted]", "b": [2]}"#),
            (#"{"user":{"apiKey":"S"}}"#, #"{"user":{"apiKey":"[redacted]"}}"#),
            (#"{"password":{"old":"S","new":["S"]},"b":2}"#, #"{"password":"[redacted]","b":2}"#),
            (#"{"password":1234}"#, #"{"password":"[redacted]"}"#),
            (#"{"text":"sign in with \(jwt) now"}"#, #"{"text":"sign in with [redacted] now"}"#),
            (#"{"text":"\(key)"}"#, #"{"text":"[redacted]"}"#),
            (#"{"id":"AKIAIOSFODNN7EXAMPLE"}"#, #"{"id":"[redacted]"}"#),
            (#"{"text":"{\"password\":\"S\"}"}"#, #"{"text":"{\"password\":\"[redacted]\"}"}"#),
            (#"{"pass\u0077ord":"S"}"#, #"{"pass\u0077ord":"[redacted]"}"#),
            (#"{"a":"{\"pass\\u0077ord\":\"S\"}"}"#, #"{"a":"{\"pass\\u0077ord\":\"[redacted]\"}"}"#),
            (#"{"token":"the","max_tokens":5,"token_count":7}"#, #"{"token":"the","max_tokens":5,"token_count":7}"#),
            (
                #"{"nextToken":"abcdef0123456789abcdef","eos_token":"</s>"}"#,
                #"{"nextToken":"abcdef0123456789abcdef","eos_token":"</s>"}"#
            ),
            (
                #"{"clientToken":"0f8fad5b-d9cb-469f-a165-70867728950e"}"#,
                #"{"clientToken":"0f8fad5b-d9cb-469f-a165-70867728950e"}"#
            ),
            (
                #"{"code":"print(1)","password":null,"isToken":true}"#,
                #"{"code":"print(1)","password":null,"isToken":true}"#
            ),
            (
                #"{"sha1":"2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"}"#,
                #"{"sha1":"2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"}"#
            ),
        ])
    func agentBodies(template: String, expected: String) {
        let body = template.replacing(#"\(jwt)"#, with: Self.jwt).replacing(#"\(key)"#, with: Self.key)
        var call = call(.made("POST", "/", [("Content-Type", "application/json")], body: Array(body.utf8)))
        call.operation = "InvokeAgentRuntime"
        call.reply = ReplyRecord(status: 200, fields: FieldBlock(), body: Array(body.utf8))
        let record = CallRecord(call)
        #expect(record.text(.requestBody) == expected)
        #expect(record.text(.replyBody) == expected)
        #expect(record.number(.requestBodyBytes) == Int64(body.utf8.count))
        #expect(call.request.body == Array(body.utf8))
    }

    @Test("of a form in parts, those lose what they hold whose names are a secret's", arguments: ["\r\n", "\n"])
    func multipart(lineEnd: String) {
        func form(_ secret: String) -> String {
            [
                "--b0", #"Content-Disposition: form-data; name="user""#, "", "anna", "--b0",
                #"Content-Disposition: form-data; name="password""#, "Content-Type: text/plain", "", secret, "--b0",
                #"content-disposition: form-data;name="client_secret""#, "", secret, "--b0--", "",
            ].joined(separator: lineEnd)
        }
        for operation in ["InvokeAgentRuntime", nil] {
            let type = "multipart/form-data; boundary=b0"
            var call = call(.made("POST", "/", [("Content-Type", type)], body: Array(form("S3 cret").utf8)))
            call.operation = operation
            #expect(CallRecord(call).text(.requestBody) == form("[redacted]"))
        }
    }

    @Test("what an agent was told in secret is not told by its answer, nor by what is said of the call")
    func repeated() {
        let body = #"{"password":"correct-horse-1","prompt":"hi"}"#
        var call = call(.made("POST", "/", body: Array(body.utf8)))
        call.operation = "InvokeAgentRuntime"
        call.why = #"payload $.prompt is "correct-horse-1""#
        call.reply = ReplyRecord(status: 200, fields: FieldBlock(), body: Array("You said correct-horse-1".utf8))
        #expect(CallRecord(call).text(.replyBody) == "You said [redacted]")
        #expect(CallRecord(call).text(.why) == #"payload $.prompt is "[redacted]""#)
    }

    /// A call that shows these passwords, answered by all of them in a body and in a field.
    private func answered(_ secrets: [String]) -> CallRecord {
        let members = secrets.enumerated().map { #""p\#($0)_password":"\#($1)""# }.joined(separator: ",")
        var call = call(.made("POST", "/", body: Array("{\(members)}".utf8)))
        call.operation = "InvokeAgentRuntime"
        var fields = FieldBlock()
        fields.add("Content-Type", "text/plain")
        fields.add("X-Echo", "was \(secrets.joined(separator: "/"))!")
        call.reply = ReplyRecord(
            status: 200, fields: fields, body: Array("You said \(secrets.joined(separator: "/")).".utf8))
        return CallRecord(call)
    }

    @Test(
        "what stood under a secret's name is told nowhere in the answer, a word or not; what is short and a word stays",
        arguments: [
            ("correct horse battery staple", "[redacted]"), ("Grüße-123456", "[redacted]"),
            ("abcdefghijk", "[redacted]"), ("hunter12", "[redacted]"), ("short", "short"),
        ])
    func repeatedWords(secret: String, told: String) {
        let record = answered([secret])
        #expect(record.text(.replyBody) == "You said \(told).")
        #expect(record.text(.replyHeaders) == "Content-Type: text/plain\r\nX-Echo: was \(told)!\r\n")
    }

    @Test("many secrets are looked for at once, those that begin alike and those that begin others too")
    func repeatedMany() {
        let many = (0..<200).map { "hunter-many-\($0)" } + ["hunter-m", "hunter-many-1-and-more"]
        let masks = Array(repeating: "[redacted]", count: many.count).joined(separator: "/")
        #expect(answered(many).text(.replyBody) == "You said \(masks).")
    }

    @Test("a secret with quotation marks is masked as JSON writes it, and as it is")
    func repeatedEscaped() {
        var call = call(.made("POST", "/", body: Array(#"{"password":"a\"b\\c-9999"}"#.utf8)))
        call.operation = "InvokeAgentRuntime"
        call.reply = ReplyRecord(
            status: 200, fields: FieldBlock(), body: Array(#"{"say":"It is a\"b\\c-9999"} a"b\c-9999"#.utf8))
        #expect(CallRecord(call).text(.replyBody) == #"{"say":"It is [redacted]"} [redacted]"#)
    }

    private func frames(_ texts: [String]) -> (told: [String], sizes: [Int]) {
        var call = call(.made("POST", "/"))
        call.operation = "InvokeAgentRuntime"
        call.reply = ReplyRecord(status: 200, fields: FieldBlock())
        let script = FrameScript(frames: texts.map { FrameScript.Frame(bytes: Array($0.utf8), offset: 0, gap: 0) })
        call.reply?.frames = FrameRun(script: script, start: 0, seed: 1)
        let event = CallEvent()
        event.setArrival(of: call)
        event.setArrival(of: call)
        return (event.frames.map { String(decoding: $0.bytes, as: UTF8.self) }, event.frames.map(\.size))
    }

    @Test("a secret in a stream is masked, also when it is split over frames or spelled over events; sizes are as sent")
    func streams() {
        let jwt = Self.jwt
        let (head, tail) = (String(jwt.prefix(25)), String(jwt.dropFirst(25)))
        let whole = frames(["data: {\"text\":\"\(jwt)\"}\n\n", "data: bye\n\n"])
        #expect(whole.told == ["data: {\"text\":\"[redacted]\"}\n\n", "data: bye\n\n"])
        #expect(whole.sizes == [jwt.utf8.count + 19, 11])
        #expect(frames(["data: \(head)", "\(tail)\n\n"]).told == ["data: [redacted]", "\n\n"])
        let spelled = frames(["data: {\"text\":\"\(head)\"}\n\n", "data: {\"text\":\"\(tail)\"}\n\n"]).told
        #expect(spelled == ["data: {\"text\":\"[redacted]\"}\n\n", "data: {\"text\":\"\"}\n\n"])
        #expect(frames(["data: a\n\n", "data: b\n\n"]).told == ["data: a\n\n", "data: b\n\n"])
    }

    @Test("JSON of more than the journal keeps is masked as far as it is kept, and not cut through a secret")
    func large() throws {
        let filling = String(repeating: " x", count: KeptBody.limit / 2)
        let early = call(.made("POST", "/nowhere", body: Array(#"{"password":"SECRET","a":"\#(filling)"}"#.utf8)))
        let kept = try #require(CallRecord(early).text(.requestBody))
        #expect(kept.hasPrefix(#"{"password":"[redacted]","a":" x"#) && kept.utf8.count <= KeptBody.limit)
        var late = call(
            .made("POST", "/", body: Array((filling.dropLast(15) + " \(Self.jwt)" + filling).utf8)))
        late.operation = "InvokeAgentRuntime"
        let end = try #require(CallRecord(late).text(.requestBody)).suffix(40)
        #expect(end.allSatisfy { $0 == " " || $0 == "x" }, "\(end)")
    }
}
