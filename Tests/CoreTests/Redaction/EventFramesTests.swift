import Bytes
import Testing

@testable import Redaction

@Suite("What frames events stays when a secret goes") struct EventFramesTests {
    private static func redacted(_ events: [String]) throws -> [String] {
        let pieces = try RedactorTests.streamed(events.map { Array("data: \($0)\n\n".utf8) }, isEventStream: true)
        return String(lossy: pieces.flatMap(\.bytes)).split(separator: "\n\n").map(String.init)
    }

    @Test("a percent sign and its digits in two events")
    func percent() throws {
        let events = [
            #"{"d":"see https://h/?access_token="}"#, #"{"d":"opaque%2"}"#, #"{"d":"Fabcdef0123"}"#,
            #"{"d":"&z=1 ok"}"#,
        ]
        let kept = try Self.redacted(events)
        #expect(
            kept == [
                "data: \(events[0])", #"data: {"d":"[token-1]"}"#, #"data: {"d":""}"#, "data: \(events[3])",
            ])
    }

    @Test("an escape that a model spells in two events")
    func escape() throws {
        let events = [
            #"{"d":"{\"password\": \"hunter\\u00"}"#, #"{"d":"e9\\"}"#, #"{"d":"\"x4711"}"#, #"{"d":"\", \"z\": 1}"}"#,
        ]
        let kept = try Self.redacted(events)
        #expect(
            kept == [
                #"data: {"d":"{\"password\": \"[password-1]"}"#, #"data: {"d":""}"#, #"data: {"d":""}"#,
                "data: \(events[3])",
            ])
    }

    @Test("a value between single quotation marks, over events, ends at none of their frames")
    func singleQuotes() throws {
        let events = [#"{"d":"{'password': 'hun"}"#, #"{"d":"ter\u002d4711"}"#, #"{"d":"', 'z': 1}"}"#]
        let kept = try Self.redacted(events)
        #expect(kept.count == 3)
        #expect(kept.first?.hasSuffix(#"]"}"#) == true, "\(kept)")
        #expect(kept.dropFirst() == [#"data: {"d":""}"#, "data: \(events[2])"])
    }
}
