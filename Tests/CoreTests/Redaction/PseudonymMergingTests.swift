import Bytes
import HTTPWire
import Recording
import Testing

@testable import Redaction

@Suite("Pseudonyms of several libraries in one") struct PseudonymMergingTests {
    private static func entry(_ number: Int, _ code: UInt8, kind: String = "token") -> Pseudonyms.Entry {
        .init(kind: kind, number: number, code: [code])
    }

    private static func token(_ number: Int) -> PseudonymName { PseudonymName("token", number) }

    @Test("a secret that is known has its name, a name that is free stays, and one that clashes is the next of both")
    func clash() {
        var merging = PseudonymMerging(entries: [Self.entry(1, 1), Self.entry(2, 2)], standing: [])
        let names = merging.add(
            [Self.entry(1, 2), Self.entry(2, 3), Self.entry(7, 4), Self.entry(1, 5, kind: "jwt")], standing: [])
        #expect(names == [Self.token(1): Self.token(2), Self.token(2): Self.token(8)])
        #expect(merging.takeAdded() == [Self.entry(8, 3), Self.entry(7, 4), Self.entry(1, 5, kind: "jwt")])
    }

    @Test("a name without a code is kept from others, in this merging and in the next")
    func withoutCode() {
        var merging = PseudonymMerging(entries: [], standing: [Self.token(3)])
        #expect(merging.add([Self.entry(3, 1)], standing: [Self.token(3)]) == [Self.token(3): Self.token(4)])
        let kept = merging.takeAdded()
        #expect(kept == [Self.entry(4, 1), .init(kind: "token", number: 3, code: [])])
        var next = PseudonymMerging(entries: kept, standing: [])
        #expect(next.add([Self.entry(2, 2)], standing: []) == [Self.token(2): Self.token(5)])
        var names = Pseudonyms(key: [1], entries: [.init(kind: "token", number: 3, code: [])])
        #expect(names.pseudonym(for: [1, 2, 3], SecretKind("token")) == Array("[token-4]".utf8))
    }

    @Test("names are renamed in all of a call, over pieces too, which tell their size as it was")
    func renamed() {
        var call = RecordedCall(agent: "arn", reply: RecordedReply(body: .frames([])))
        call.operation = "GET /x?key=[token-1]"
        call.requestFields.add(name: "Authorization", value: "Bearer [token-1]")
        call.requestBody = Array("[token-1][token-2] [token-01] [token-".utf8)
        call.reply.fields.add(name: "Content-Length", value: "20")
        let pieces = ["a [tok", "en-1] b", " c [x-1]"]
        call.reply.body = .frames(pieces.map { RecordedFrame(at: 1, bytes: Array($0.utf8), size: $0.utf8.count + 9) })
        #expect(call.pseudonyms == [Self.token(1), Self.token(2), PseudonymName("x", 1)])
        call.rename([Self.token(1): Self.token(10)])
        #expect(call.operation == "GET /x?key=[token-10]")
        #expect(call.requestFields.value(of: "Authorization") == "Bearer [token-10]")
        #expect(String(lossy: call.requestBody) == "[token-10][token-2] [token-01] [token-")
        #expect(call.reply.frames.map { String(lossy: $0.bytes) }.joined() == "a [token-10] b c [x-1]")
        #expect(call.reply.frames.map(\.size) == [15, 16, 17] && call.reply.fields.value(of: "Content-Length") == "21")
    }
}
