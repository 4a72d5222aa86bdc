import Bytes
import Delivery
import HTTPWire
import Support
import Testing
import Time

@testable import Journal

@Suite("Packed records") struct PackedRecordsTests {
    /// Packs and unpacks several times, so that what is alike is kept in full once and by what differs later.
    private func expectReturn(
        of calls: [Call], _ comment: Comment = "", location: SourceLocation = #_sourceLocation
    ) {
        var packer = RecordPacker()
        for call in calls + calls + calls {
            let event = CallEvent(arrivalOf: call)
            let packed = packer.pack(event)
            var back: [UInt8] = []
            packed.unpack(to: &back)
            // The whole call in a message would be pages.
            #expect(back == event.bytes, comment, sourceLocation: location)
            back = []
            packed.unpack(to: &back, most: event.shortCount)
            let isBeginning = back.starts(with: event.bytes[..<event.shortCount])
            #expect(isBeginning, comment, sourceLocation: location)
        }
    }

    private func call(_ number: Int, session: String = "first-of-them", body: String = "") -> Call {
        var call = Call(
            number: number, space: "default", arrived: Instant(nanoseconds: 1_768_478_400_123_456_789),
            request: .made(
                "POST", "/runtimes/a/invocations?qualifier=x",
                [
                    ("Host", "localhost"), ("X-Amz-Date", "20260115T1200\(10 + number)Z"),
                    ("X-Session", session), ("Authorization", "AWS4-HMAC-SHA256 Signature=00"),
                ], body: Array(body.utf8)), inFlight: 3)
        call.agent = "arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/a_agent-ABCDEFGHIJ"
        (call.operation, call.qualifier, call.session) = ("InvokeAgentRuntime", "", session)
        call.faults = [.init(name: "one", fault: "hang"), .init(name: "", fault: "", isApplied: false, why: "two")]
        var fields = FieldBlock()
        fields.add("Content-Type", "application/json")
        call.reply = ReplyRecord(status: 200, fields: fields, body: Array("{\"said\":\"\(body)\"}".utf8))
        return call
    }

    @Test("records that differ in dates, sessions and bodies come back as they were")
    func alike() {
        expectReturn(of: [
            call(1), call(2), call(3, session: "other-of-them"), call(4, session: "longer than the others"),
            call(5, body: "a body"), call(6, body: String(repeating: "x", count: 10_000)), call(7),
        ])
    }

    @Test("records with other fields come back too")
    func others() {
        let bare = Call(
            number: 1, space: "", arrived: Instant(nanoseconds: -1), request: .none, inFlight: 0)
        var refused = call(2)
        (refused.reply, refused.session) = (nil, nil)
        refused.auth = Call.Auth(scheme: "sigv4", verdict: .refused, why: "because")
        refused.auth?.canonicalRequest = "POST\n/\n"
        var stream = call(3)
        let script = FrameScript(frames: [.init(bytes: [1, 2], offset: 0, gap: 0)], jitter: 0.2)
        stream.reply?.frames = FrameRun(script: script, range: 0..<1, start: 5, seed: .max, bytesPerSecond: 9)
        expectReturn(of: [bare, refused, stream, call(4)])
    }

    @Test("any bytes come back", arguments: [1, 2, 3] as [UInt64])
    func random(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let calls = (0..<100).map { number in
            var call = call(number % 3)
            func bytes(_ most: Int) -> [UInt8] {
                (0..<Int.random(in: 0...most, using: &chance)).map { _ in
                    [10, 13, 65, 0, 255].randomElement(using: &chance) ?? 0
                }
            }
            call.request.body = bytes(80)
            call.reply?.body = bytes(9)
            call.session = String(decoding: bytes(4), as: UTF8.self)
            return call
        }
        expectReturn(of: calls, "seed \(seed)")
    }

    @Test("of a call that is like those before it, only what differs is kept")
    func size() {
        var packer = RecordPacker()
        let sizes = (1...3).map { packer.pack(CallEvent(arrivalOf: call($0))).count }
        #expect(sizes[0] > 300)
        #expect(sizes[2] < 30, "\(sizes)")
    }

    @Test("full lists of models are followed by new ones, and the old ones still hold what they held")
    func full() {
        var packer = RecordPacker()
        let first = packer.models
        var kept: [(record: [UInt8], packed: PackedRecord)] = []
        for number in 0..<300 {
            let long = call(1, session: String(repeating: "s", count: 1_000 + number % 150))
            let event = CallEvent(arrivalOf: long)
            kept.append((event.bytes, packer.pack(event)))
        }
        #expect(packer.models !== first)
        for (record, packed) in kept {
            var back: [UInt8] = []
            packed.unpack(to: &back)
            #expect(back == record)
        }
    }

    @Test("a record that is larger than a page has one of its own")
    func large() { expectReturn(of: [call(1, body: String(repeating: "y", count: 400_000))]) }
}

extension RecordPacker {
    fileprivate mutating func pack(_ event: CallEvent) -> PackedRecord {
        pack(event.bytes, event.bodies, shortCount: event.shortCount)
    }
}
