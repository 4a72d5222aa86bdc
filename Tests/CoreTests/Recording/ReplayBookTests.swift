import Bytes
import Delivery
import Support
import Testing

@testable import Recording

@Suite("A book of recorded calls") struct ReplayBookTests {
    private func call(_ body: String, _ answer: String, session: String?) -> RecordedCall {
        var call = RecordedCall(agent: "a", reply: RecordedReply(body: .whole(Array(answer.utf8))))
        call.requestBody = Array(body.utf8)
        call.session = session
        return call
    }

    private func question(_ body: String) -> ReplayQuestion {
        ReplayQuestion(
            agent: "a", id: "a", qualifier: "DEFAULT", operation: "InvokeAgentRuntime", body: Array(body.utf8)
        ) { _ in nil }
    }

    @Test("whatever ids callers choose, sessions are bound evenly, the earliest first")
    func evenly() throws {
        let calls = (0..<5).map { call("{}", "\($0)", session: "s\($0)") }
        let book = try ReplayBook(calls, ReplaySettings(), ReplayOptions())
        var cursors = ReplayCursors()
        let taken = (0..<12).map { number in
            cursors.take(question("{}"), session: "c\(number)", isGiven: true, from: book)?.position
        }
        #expect(taken == [1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2])
    }

    @Test("a session that was bound elsewhere is passed over until the others are bound as often")
    func passedOver() throws {
        let calls = (0..<3).map { call("{}", "", session: "s\($0)") } + [call("1", "", session: "s0")]
        let book = try ReplayBook(calls, ReplaySettings(), ReplayOptions())
        var cursors = ReplayCursors()
        for number in 0..<3 { _ = cursors.take(question("1"), session: "x\(number)", isGiven: true, from: book) }
        let taken = (0..<7).map { number in
            cursors.take(question("{}"), session: "c\(number)", isGiven: true, from: book)?.position
        }
        #expect(taken == [2, 3, 2, 3, 2, 3, 1])
    }

    @Test(
        "payloads that mean the same have one form",
        arguments: [
            (#"{"a":1,"b":[1.50,-0]}"#, #" {"b": [15e-1, 0.0], "a": 1e0}"#, true), (#"{"a":"1"}"#, #"{"a":1}"#, false),
            ("[1,2]", "[2,1]", false), ("text", "text", true), ("text", "Text", false), ("", "", true),
            ("", "{}", false),
            (#""\u0041""#, #""A""#, true),
        ])
    func forms(one: String, other: String, areSame: Bool) {
        func form(_ text: String) -> [UInt8] {
            PayloadForm.request(ParsedPayload(Array(text.utf8)), volatile: []).bytes
        }
        #expect((form(one) == form(other)) == areSame)
    }

    @Test("redacted places are told from brackets that are none")
    func redacted() {
        let text = Array("a [jwt-1] [aws-key-12] [1-1] [x] [-1] [a-] [a-1 ] [my_kind-7]".utf8)
        let found = RedactedPlace.all(in: text.span).map { String(decoding: text[$0], as: UTF8.self) }
        #expect(found == ["[jwt-1]", "[aws-key-12]", "[my_kind-7]"])
    }

    @Test("an id is replaced wherever frames are cut, and each frame keeps what is not the id")
    func cuts() {
        let whole = Array("<recorded-id>recorded-id|".utf8)
        for length in [1, 5, 11, 30] {
            let new = String(repeating: "n", count: length)
            let expected = "<\(new)>\(new)|"
            for first in 0...whole.count {
                for second in first...whole.count {
                    let frames = [0..<first, first..<second, second..<whole.count].map {
                        FrameScript.Frame(bytes: Array(whole[$0]), offset: 0, gap: 0)
                    }
                    let places = SessionPlaces.find(
                        "recorded-id", in: frames.map { RecordedFrame(at: 0, bytes: $0.bytes) })
                    let replaced = SessionPlaces.replaced("recorded-id", by: new, at: places, in: frames)
                    #expect(replaced.count == 3)
                    #expect(
                        String(decoding: replaced.flatMap(\.bytes), as: UTF8.self) == expected, "\(first) \(second)")
                }
            }
        }
    }

    private func answer(_ recorded: String, _ reply: String, type: String, to asked: String) throws -> String {
        var call = call(recorded, "", session: "recorded-session-0123456789")
        call.reply.fields.add("Content-Type", type)
        call.reply.body = .frames(
            stride(from: 0, to: reply.utf8.count, by: 7).map {
                RecordedFrame(at: 0, bytes: Array(Array(reply.utf8)[$0..<min($0 + 7, reply.utf8.count)]))
            })
        let book = try ReplayBook([call], ReplaySettings(), ReplayOptions())
        var cursors = ReplayCursors()
        let question = question(asked)
        let found = cursors.take(question, session: "new", isGiven: true, from: book)
        let ready = try #require(found)
        return String(decoding: ready.answer(session: "new", requestID: question.requestID).body, as: UTF8.self)
    }

    @Test("an answer to a JSON-RPC request has the id of whoever asks now, also in events that frames share")
    func requestIDs() throws {
        let recorded = #"{"jsonrpc":"2.0","id":7,"method":"tools/call"}"#
        let asked = #"{"jsonrpc":"2.0","method":"tools/call","id":"new-one"}"#
        let whole = try answer(
            recorded, #"{"result":{"id":7,"in":"recorded-session-0123456789"},"id":7}"#, type: "application/json",
            to: asked)
        #expect(whole == #"{"result":{"id":7,"in":"new"},"id":"new-one"}"#)
        let stream = try answer(
            recorded, "event: message\ndata: {\"id\":7,\"method\":\"ask\"}\n\ndata: {\"id\": 7, \"result\":1}\r\n\r\n",
            type: "text/event-stream", to: asked)
        #expect(
            stream
                == "event: message\ndata: {\"id\":7,\"method\":\"ask\"}\n\ndata: {\"id\": \"new-one\", \"result\":1}\r\n\r\n"
        )
        let other = try answer(#"{"id":7}"#, #"{"id":7}"#, type: "application/json", to: #"{"id":7}"#)
        #expect(other == #"{"id":7}"#)
    }
}
