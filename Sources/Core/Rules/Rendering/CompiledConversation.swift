import Bytes
import JSON
import SplitMix
import Time

/// A conversation, made ready. One is shared by all that are open.
package final class CompiledConversation: ReadyBody, Equatable {
    /// A message on its way: what it says, and how long after the one before it, in nanoseconds.
    package struct Said: Equatable, Sendable {
        package var bytes: [UInt8]
        package var isBinary: Bool
        package var gap: Int64

        package init(bytes: [UInt8], isBinary: Bool, gap: Int64 = 0) {
            (self.bytes, self.isBinary, self.gap) = (bytes, isBinary, gap)
        }
    }

    /// What becomes of a message.
    package enum Finding: Equatable, Sendable {
        /// The answer of this number.
        case answer(Int)
        case echo
        /// Nobody takes it; these came nearest.
        case nothing([NearMiss])
    }

    /// What a conversation offers to conditions and templates at one moment.
    package struct Circumstances {
        package var question: Question
        package var chance: Chance
        package var now: Instant

        package init(question: Question, chance: Chance, now: Instant) {
            (self.question, self.chance, self.now) = (question, chance, now)
        }
    }

    private struct Line: Sendable {
        enum Content: Sendable {
            case json(CompiledJSON)
            case text(Template)
            case bytes([UInt8])
        }

        var content: Content
        var gap: Int64

        init(_ message: WebSocketReply.Message) throws(RuleMistake) {
            switch message.content {
            case .json(let value): content = .json(try CompiledJSON(value))
            case .text(let text): content = .text(try Template(text))
            case .base64(let bytes): content = .bytes(bytes)
            }
            gap = message.after?.nanoseconds ?? 0
        }

        func said(_ situation: inout Situation, _ header: HeaderLookup) -> Said {
            var bytes: [UInt8] = []
            switch content {
            case .json(let json): json.append(to: &bytes, &situation, header)
            case .text(let template): situation.append(template, to: &bytes, header)
            case .bytes(let plain): return Said(bytes: plain, isBinary: true, gap: gap)
            }
            return Said(bytes: bytes, isBinary: false, gap: gap)
        }
    }

    private struct Answer: Sendable {
        var rule: CompiledRule
        var lines: [Line]
        var code: UInt16?
        var reason: Template?
    }

    private let open: [Line]
    private let answers: [Answer]
    private let echoes: Bool
    /// Whether anything in it may ask for a header field of the opening: only then that has to be kept.
    package let mayReadFields: Bool

    init(_ reply: WebSocketReply) throws(RuleMistake) {
        var open: [Line] = []
        for message in reply.open ?? [] { open.append(try Line(message)) }
        self.open = open
        var answers: [Answer] = []
        for (index, answer) in (reply.messages ?? []).enumerated() {
            answers.append(try Self.answer(answer, at: index))
        }
        self.answers = answers
        echoes = reply.echo ?? false
        mayReadFields = ByteSearch.first(Array("header".utf8).span, in: reply.written.compact.span, from: 0) != nil
    }

    private static func answer(_ answer: WebSocketReply.Answer, at index: Int) throws(RuleMistake) -> Answer {
        // Any reply will do: the rule is only asked whether it fits.
        let rule = Rule(
            name: "messages[\(index)]", operation: "*", when: answer.when, then: answer.then,
            reply: Reply(EchoReply()))
        var paths = KnownPaths()
        var lines: [Line] = []
        for message in answer.send ?? [] { lines.append(try Line(message)) }
        var reason: Template?
        if let text = answer.close?.reason { reason = try Template(text) }
        do throws(RuleRefusal) {
            return Answer(
                rule: try CompiledRule(rule, at: index, &paths), lines: lines,
                code: answer.close.map { UInt16(truncatingIfNeeded: $0.code) }, reason: reason)
        } catch {
            throw RuleMistake("messages[\(index)]: \(error.message)")
        }
    }

    package static func == (left: CompiledConversation, right: CompiledConversation) -> Bool { left === right }

    // MARK: As a body

    package var constantBody: RenderedReply.Body? { .conversation(self) }

    package func rendered(
        _ situation: inout Situation, _ header: HeaderLookup, _ contentType: inout String?
    ) -> RenderedReply.Body { .conversation(self) }

    // MARK: What is said

    /// What is said when it opens.
    package func opening(_ circumstances: inout Circumstances, header: HeaderLookup) -> [Said] {
        guard !open.isEmpty else { return [] }
        var payload = Payload([])
        return say(open, &circumstances, &payload, header)
    }

    package func find(_ question: Question, _ payload: inout Payload, header: HeaderLookup) -> Finding {
        for (index, answer) in answers.enumerated() where answer.rule.matches(question, &payload, header) {
            return .answer(index)
        }
        if echoes { return .echo }
        return .nothing(NearMisses.nearest(answers.map { $0.rule.nearMiss(question, &payload, header) }))
    }

    /// Whether it says back all that it hears.
    package var onlyEchoes: Bool { answers.isEmpty && echoes }

    package func nextState(after answer: Int) -> String? { answers[answer].rule.nextState }

    package func say(
        _ answer: Int, _ circumstances: inout Circumstances, _ payload: inout Payload, header: HeaderLookup
    ) -> [Said] {
        say(answers[answer].lines, &circumstances, &payload, header)
    }

    /// The close that follows the answer, or nil.
    package func close(
        after answer: Int, _ circumstances: inout Circumstances, _ payload: inout Payload, header: HeaderLookup
    ) -> (code: UInt16, reason: String)? {
        guard let code = answers[answer].code else { return nil }
        guard let reason = answers[answer].reason else { return (code, "") }
        var text = ""
        with(&circumstances, &payload) { text = $0.text(reason, header) }
        return (code, text)
    }

    private func say(
        _ lines: [Line], _ circumstances: inout Circumstances, _ payload: inout Payload, _ header: HeaderLookup
    ) -> [Said] {
        var said: [Said] = []
        with(&circumstances, &payload) { situation in
            for line in lines { said.append(line.said(&situation, header)) }
        }
        return said
    }

    private func with(
        _ circumstances: inout Circumstances, _ payload: inout Payload, _ use: (inout Situation) -> Void
    ) {
        var situation = Situation(
            question: circumstances.question, payload: Payload([]), chance: circumstances.chance,
            now: circumstances.now)
        swap(&situation.payload, &payload)
        use(&situation)
        swap(&situation.payload, &payload)
        circumstances.chance = situation.chance
    }
}
