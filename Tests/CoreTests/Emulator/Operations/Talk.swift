import Delivery
import Emulator
import HTTPWire
import Journal
import Support
import Time
import WebSocketWire
import Conversations

extension InvokeAgentRuntimeWithWebSocketStreamTests {
    /// A conversation on the wire, without a socket: what the server says, frame by frame as people read them.
    final class Talk {
        let stage: Stage
        let call: Int
        private var exchange: ConversationExchange
        private var client = Endpoint(.client, limits: .init(frame: 1 << 20, message: 1 << 20))
        private let rules: ConversationRules
        private var heard: [UInt8] = []
        private var held: [UInt8] = []
        private(set) var head = ""
        private(set) var action = ConversationExchange.Action.goOn
        /// Monotonic time; the call arrived at 0.
        private(set) var now: Int64 = 0

        init(
            _ stage: Stage, _ target: String = Stage.path + "/ws", _ fields: [(String, String)] = [],
            silence: Duration? = .seconds(300)
        ) throws {
            self.stage = stage
            var timeouts = ConversationRules.Timeouts()
            timeouts.silence = silence?.nanoseconds
            rules = ConversationRules(timeouts: timeouts, server: Array("understudy/1".utf8)) { _ in [] }
            let answer = try stage.answer("GET", target, InvokeAgentRuntimeWithWebSocketStreamTests.opening + fields)
            guard case .converse(let answered) = answer, let conversation = answered.conversation else {
                throw Stage.NotARequest(text: "no conversation")
            }
            call = answered.call.number
            exchange = ConversationExchange(
                conversation, arrived: 0, .init(isHead: false, minorVersion: 1, keepsAlive: true))
            obey(exchange.stirred(at: 0, rules))
        }

        private func obey(_ action: ConversationExchange.Action) {
            self.action = action
            guard case .send = action else { return }
            let output = exchange.takeOutput()
            heard += output
            if head.isEmpty { takeHead() }
            obey(exchange.flowed(output.count, at: now, rules))
        }

        private func takeHead() {
            let end = heard.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound ?? 0
            head = String(decoding: heard[..<end], as: UTF8.self)
            heard.removeFirst(end)
        }

        func say(_ commands: Endpoint.Command...) {
            var bytes: [UInt8] = []
            var chance = SeededGenerator(seed: 1)
            for command in commands { _ = client.write(command, into: &bytes, chance: &chance) }
            hear(bytes)
        }

        func hear(_ bytes: [UInt8]) {
            var next = 0
            obey(exchange.received(bytes.span, from: &next, held: &held, at: now, rules))
        }

        /// Lets time pass, telling of each deadline when it comes.
        func wait(_ duration: Duration) {
            let end = now + duration.nanoseconds
            for _ in 0..<1_000 {
                guard case .wait(let until) = action, until <= end else { break }
                now = max(now, until)
                obey(exchange.deadlinePassed(at: now, rules))
            }
            now = end
        }

        /// How long it takes, deadline by deadline, until something is so.
        func milliseconds(until isSo: () -> Bool) -> Int? {
            let start = now
            for _ in 0..<100 {
                if isSo() { return Int((now - start) / 1_000_000) }
                guard case .wait(let until) = action else { return nil }
                now = max(now, until)
                obey(exchange.deadlinePassed(at: now, rules))
            }
            return nil
        }

        func stir() { obey(exchange.stirred(at: now, rules)) }

        /// What was said since the last time.
        var said: [String] {
            var (place, message, said): (Int, [UInt8], [String]) = (0, [], [])
            for _ in 0..<1_000 {
                let (next, event) = client.read(heard.span, from: place, message: &message)
                place = next
                switch event {
                case .needsMore:
                    heard = []
                    return said
                case .messageReceived(.text): said.append(String(decoding: message, as: UTF8.self))
                case .messageReceived(.binary): said.append("\(message)")
                case .closeReceived(let code, let reason): said.append("close \(code?.rawValue ?? 0) \(reason)")
                default: said.append("\(event)")
                }
            }
            return said
        }

        var report: Report? { exchange.takeReport(at: now) }
        var log: [MessageLog.Entry] { exchange.log.entries }
    }
}
