import Delivery
import Emulator
import Fields
import HTTPWire
import JSON
import Library
import Runtime
import Testing
import Time

@testable import Faults

/// Answers as an emulator makes them, what faults make of those, and both as transcripts.
enum Bending {
    static let noon = Instant(seconds: 1_768_478_400)

    /// A stream of three frames: at 100, 200 and 300 ms.
    static let stream = stream(["data: one\n\n", "data: two\n\n", "data: three\n\n"])

    static func stream(_ frames: [String]) -> [Step] {
        let script = FrameScript(
            frames: frames.enumerated().map {
                .init(bytes: Array($1.utf8), offset: Int64($0) * 100_000_000, gap: $0 == 0 ? 0 : 100_000_000)
            })
        let run = FrameRun(script: script, start: 100_000_000, seed: 7)
        return [head(.unknown), .frames(run), .end]
    }

    static let json = json(#"{"a": 1}"#)

    static func json(_ body: String, after delay: Int64 = 0) -> [Step] {
        let wait: [Step] = delay > 0 ? [.wait(until: delay)] : []
        let body = Array(body.utf8)
        return wait + [head(.known(body.count))] + (body.isEmpty ? [] : [.body(body)]) + [.end]
    }

    static func head(_ length: ResponseHead.Length) -> Step {
        .head(ResponseHead(status: 200, fields: FieldBlock(), length: length))
    }

    /// A line for each step, and for each frame with its moment.
    static func transcript(_ steps: [Step]) -> [String] {
        steps.flatMap { step -> [String] in
            switch step {
            case .wait(let until): return ["wait \(time(until))"]
            case .head(let head):
                if case .known(let count) = head.length { return ["head \(head.status), \(count) bytes"] }
                return ["head \(head.status)"]
            case .body(let bytes): return ["body \(shown(bytes))"]
            case .frames(let run):
                return run.range.map { index in
                    let pace = run.bytesPerSecond.map { ", \($0) B/s" } ?? ""
                    return "\(time(run.due(index))) \(shown(run.script.frames[index].bytes))\(pace)"
                }
            case .end: return ["end"]
            case .close: return ["close"]
            case .closeConversation(let code, let reason): return ["close \(code) \(reason)"]
            case .reset: return ["reset"]
            case .hang: return ["hang"]
            case .whole: return transcript(step.parts)
            }
        }
    }

    private static func time(_ nanoseconds: Int64) -> String { Duration.nanoseconds(nanoseconds).text }

    private static func shown(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self).replacing("\n", with: "⏎")
    }

    /// The frames of a stream, all of them one run.
    static func run(of steps: [Step]) -> FrameRun? {
        let runs = steps.compactMap { if case .frames(let run) = $0 { run } else { nil } }
        return runs.count == 1 ? runs[0] : nil
    }

    /// The body of an answer that is no stream, in one piece.
    static func body(of steps: [Step]) -> [UInt8]? {
        let bodies = steps.compactMap { if case .body(let bytes) = $0 { bytes } else { nil } }
        return bodies.count == 1 ? bodies[0] : nil
    }

    // MARK: Faults

    static func entry(_ text: String) throws -> FaultEntry {
        let (entry, mistakes) = ScenarioFile.readFault(Array(text.utf8), fileName: "fault.json", .complete())
        return try #require(entry, "\(mistakes)")
    }

    static func book(_ faults: String..., seed: UInt64 = 7, space: String = "default") throws -> FaultBook {
        try FaultBook(try faults.map(entry), seed: seed, space: space, now: noon)
    }

    /// The mistakes that keep a fault from being armed, a line each. The entry comes as no file's reader saw it: faults
    /// also come out of libraries.
    static func mistakes(_ fault: String) throws -> [String] {
        var book = try book()
        let value = try Value.parse(fault)
        var entry = FaultEntry(fault: value["fault"]?.text ?? "")
        entry.agent = value["agent"]?.text
        entry.endpoint = value["endpoint"]?.text
        entry.on = value["on"]?.members
        let own = ["fault", "agent", "endpoint", "on"]
        entry.parameters = value.members?.filter { !own.contains($0.name) } ?? []
        do throws(Mistakes) {
            try book.arm(entry, now: noon)
            return []
        } catch {
            return error.list.map(\.description)
        }
    }

    static func candidate(
        agent: String = "hosted_agent-Ab12Cd34Ef", session: String? = "s", operation: String = "InvokeAgentRuntime",
        endpoint: String = "DEFAULT", coldStart: Duration? = nil, at offset: Duration = .zero
    ) -> FaultCandidate {
        FaultCandidate(
            agent: "arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/\(agent)", agentID: agent,
            endpoint: endpoint, operation: operation, session: session, coldStart: coldStart, now: noon + offset)
    }

    /// What faults make of an answer, and what the journal says of them.
    static func bent(
        _ steps: [Step], by faults: String..., protocol: AgentProtocol = .http, candidate: FaultCandidate = candidate()
    ) throws -> (steps: [Step], lines: [String], journal: [String]) {
        var book = try FaultBook(try faults.map(entry), seed: 7, space: "default", now: noon)
        var strikes = book.decide(candidate) { true }
        let bent = strikes.bend(steps, protocol: `protocol`)
        return (bent, transcript(bent), strikes.entries.map(\.text))
    }

    /// Whether each of the next calls is struck, `x` or `.`.
    static func fates(_ book: inout FaultBook, calls: Int, _ candidate: FaultCandidate = candidate()) -> String {
        String((0..<calls).map { _ in book.decide(candidate).isEmpty ? "." : "x" })
    }
}

extension StruckFaults {
    /// What leaves of a scripted answer, all of it.
    mutating func bend(_ steps: [Step], protocol: AgentProtocol) -> [Step] {
        let bent = BentSource.bend(ScriptedSource(steps), through: benders(protocol: `protocol`))
        note(bent.reasons)
        return bent.script.steps
    }
}

extension StruckFaults.Entry {
    /// `slow`, or `cut (not applied: the reply has no frames)`.
    var text: String { reason.map { "\(name) (not applied: \($0))" } ?? name }
}
