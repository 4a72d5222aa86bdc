import SplitMix
import Testing
import WebSocketWire

@testable import Conversations

@Suite("A conversation with another server") struct FarExchangeTests {
    /// What the other side sends, and how much of it comes at a time.
    private func actions(_ commands: [Endpoint.Command], step: Int) -> (
        said: [FarExchange.Action], sent: [UInt8]
    ) {
        var server = Endpoint(.server, limits: .init(frame: 1_000, message: 1 << 20))
        var (bytes, chance): ([UInt8], Chance) = ([], Chance(seed: 1))
        for command in commands { _ = server.write(command, into: &bytes, chance: &chance) }
        var exchange = FarExchange(seed: 7)
        var (held, said, sent): ([UInt8], [FarExchange.Action], [UInt8]) = ([], [], [])
        for start in stride(from: 0, to: bytes.count, by: step) {
            let piece = Array(bytes[start..<min(start + step, bytes.count)])
            var next = 0
            while next < piece.count, exchange.takesInput {
                let action = exchange.received(piece.span, from: &next, held: &held, at: 0, ())
                if action != .goOn, action != .send { said.append(action) }
                sent += exchange.takeOutput()
            }
        }
        return (said, sent)
    }

    private func heard(_ bytes: [UInt8]) -> [Endpoint.Event] {
        var (server, message) = (
            Endpoint(.server, limits: .init(frame: 1_000, message: 1_000)), [UInt8]()
        )
        var (place, events): (Int, [Endpoint.Event]) = (0, [])
        while place < bytes.count {
            let (next, event) = server.read(bytes.span, from: place, message: &message)
            place = next
            events.append(event)
        }
        return events
    }

    @Test(
        "messages come whole, a ping is answered, and a close ends it, however the bytes come",
        arguments: [1, 2, 3, 7, 10_000])
    func whole(step: Int) {
        let long = [UInt8](repeating: 0x61, count: 3_000)
        let (said, sent) = actions(
            [
                .message(.text, Array("hello".utf8)), .ping([1, 2]), .message(.binary, long),
                .message(.text, []),
                .close(CloseCode(rawValue: 4_001), reason: "bye"),
            ], step: step)
        #expect(
            said == [
                .said(Array("hello".utf8), isBinary: false), .said(long, isBinary: true),
                .said([], isBinary: false),
                .ended(code: 4_001, reason: "bye"),
            ])
        #expect(
            heard(sent) == [
                .pongReceived([1, 2]), .closeReceived(CloseCode(rawValue: 4_001), reason: ""),
            ])
    }

    @Test("what is said is masked, and nothing is said after a close")
    func saying() {
        var exchange = FarExchange(seed: 7)
        #expect(exchange.say(Array("hi".utf8), isBinary: false) == .send)
        #expect(exchange.close(code: 1_000, reason: "done") == .send)
        #expect(
            exchange.say([1], isBinary: true) == .goOn && exchange.close(code: nil, reason: "") == .goOn)
        let sent = exchange.takeOutput()
        #expect(sent[1] & 0x80 != 0)
        #expect(heard(sent) == [.messageReceived(.text), .closeReceived(.normal, reason: "done")])
        #expect(exchange.deadlinePassed(at: 0, ()) == .cut && exchange.isOver)
    }

    @Test("a side that breaks the rules, or just ends, is told apart")
    func broken() {
        var exchange = FarExchange(seed: 7)
        var (next, held): (Int, [UInt8]) = (0, [])
        let action = exchange.received(
            [0x81, 0x80, 0, 0, 0, 0].span, from: &next, held: &held, at: 0, ())
        #expect(action == .ended(code: 1_011, reason: "the agent broke the protocol"))
        var other = FarExchange(seed: 7)
        #expect(other.inputEnded(held: &held) == .cut && other.broke() == .goOn)
    }
}
