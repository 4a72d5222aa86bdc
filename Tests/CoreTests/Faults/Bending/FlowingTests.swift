import Delivery
import Fields
import HTTPWire
import JSON
import Library
import Support
import Testing

@testable import Faults

/// Every fault of the catalogue that bends answers, over an answer that is not known in advance: the client gets what it
/// gets of a scripted one, and the journal says the same.
@Suite("Flowing answers") struct FlowingTests {
    /// Gives the steps of an answer one at a time, the frames of a stream as they come.
    private struct Flow: StepSource {
        private var steps: [Step]
        private var hasWaited = false

        init(_ steps: [Step]) {
            self.steps = steps.flatMap { step -> [Step] in
                guard case .frames(let run) = step else { return [step] }
                return run.frameIndices.map {
                    .frames(
                        FrameRun(
                            frame: run.script.frames[$0].bytes, due: run.due($0), bytesPerSecond: run.bytesPerSecond))
                }
            }
        }

        mutating func next(now: Int64) -> NextSteps {
            hasWaited.toggle()
            return hasWaited ? .waits(until: now + 1) : .steps([steps.removeFirst()])
        }
    }

    /// What leaves when: the same for lists of steps that a client cannot tell apart.
    private static func events(_ steps: [Step]) -> [String] {
        var (moment, latest, events): (Int64, Int64, [String]) = (0, 0, [])
        for step in steps.flatMap(\.parts) {
            switch step {
            case .wait(let until):
                moment = max(moment, until)
                latest = max(latest, until)
            case .frames(let run):
                for index in run.frameIndices {
                    latest = max(latest, run.due(index))
                    let frame = Bending.transcript([.frames(run.only(index..<index + 1).due(at: latest, index))])
                    events += frame
                }
                moment = max(moment, run.lastDue)
            default: events.append("\(max(moment, latest)) \(Bending.transcript([step]))")
            }
        }
        return events
    }

    private static func flow(_ steps: [Step], _ benders: [any StepBender]) -> (steps: [Step], reasons: [String?]) {
        var source = BentSource(Flow(steps), through: benders)
        var given: [Step] = []
        var now: Int64 = 0
        while given.last?.isLast != true {
            now += 1
            if case .steps(let more) = source.next(now: now) { given += more }
            guard now < 100_000 else {
                Issue.record("the answer does not end")
                break
            }
        }
        return (given, source.reasons)
    }

    // MARK: Answers and faults

    private static func answer(_ random: inout SeededGenerator) -> [Step] {
        let delay = [0, 500_000_000].randomElement(using: &random) ?? 0
        let texts = ["{\"a\": \"\u{E9}\"}", "[1, 2]", "hello", "x", "\"\u{1F600}\"", ""]
        if Bool.random(using: &random) {
            return Bending.json(texts.randomElement(using: &random) ?? "", after: Int64(delay))
        }
        let gap = Int64([0, 1, 100_000_000].randomElement(using: &random) ?? 0)
        let frames = (0..<Int.random(in: 0...6, using: &random)).map { index in
            let text = texts.randomElement(using: &random) ?? ""
            let blank = ["\n\n", "\n"].randomElement(using: &random) ?? ""
            return FrameScript.Frame(
                bytes: Array("data: \(text)\(blank)".utf8), offset: Int64(index) * gap, gap: index == 0 ? 0 : gap)
        }
        let script = FrameScript(frames: frames, jitter: Bool.random(using: &random) ? 1 : 0)
        let run = FrameRun(script: script, start: Int64(delay) + 10, seed: random.next())
        return (delay > 0 ? [.wait(until: Int64(delay))] : []) + [Bending.head(.unknown)]
            + (frames.isEmpty ? [] : [.frames(run)]) + [.end]
    }

    /// By the words of the faults that bend answers, ways to write each.
    private static func faults(_ random: inout SeededGenerator) -> [String: String] {
        func one(_ choices: String...) -> String { choices.randomElement(using: &random) ?? "" }
        let number = Int.random(in: 1...7, using: &random)
        let point = one("request", "headers", "frame \(number)", "byte \(number * 5)")
        let place = one("headers", "first-frame", "every-frame", "end")
        let amount = one(#""delay": "1s""#, #""uniform": {"min": "1ms", "max": "9s"}"#)
        let corruption = one(
            "invalid-json", "split-utf8", "missing-blank-line", "duplicate", "reorder", "garbage", "wrong-length")
        let frame = corruption != "wrong-length" && Bool.random(using: &random) ? #", "frame": \#(number)"# : ""
        return [
            "latency": #"\#(amount), "at": "\#(place)""#,
            "cold-start": one(#""delay": "0s""#, #""delay": "2s""#),
            "hang": one("", #""for": "1s""#),
            "stall": one(#""frames": \#(number - 1)"#, #""bytes": \#(number * 4 - 4)"#) + one("", #", "for": "2s""#),
            "slow-drip": #""bytesPerSecond": \#(number * 3)"#,
            "reset": #""at": "\#(point)""#,
            "close": #""at": "\#(point)""#,
            "corrupt": #""kind": "\#(corruption)"\#(frame)"#,
            "agent-error-event": #""frames": \#(number - 1)"#,
        ]
    }

    private static func strikes(_ faults: [String]) throws -> StruckFaults {
        let entries = try faults.enumerated().map { try Bending.entry(#"{"name": "\#($0)", \#($1)}"#) }
        var book = try FaultBook(entries, seed: 7, space: "default", now: Bending.noon)
        return book.decide(Bending.candidate()) { true }
    }

    private static func fault(_ word: String, _ parameters: String) -> String {
        #""fault": "\#(word)""# + (parameters.isEmpty ? "" : ", " + parameters)
    }

    @Test("each fault, alone", arguments: [1, 2, 3] as [UInt64])
    func alone(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for round in 0..<300 {
            let answer = Self.answer(&random)
            for (word, parameters) in Self.faults(&random).sorted(by: { $0.key < $1.key }) {
                let strikes = try Self.strikes([Self.fault(word, parameters)])
                let scripted = BentSource.bend(ScriptedSource(answer), through: strikes.benders(protocol: .http))
                let flowing = Self.flow(answer, strikes.benders(protocol: .http))
                let what: Comment = "seed \(seed), round \(round), \(word) \(parameters) on \(answer)"
                #expect(Self.events(flowing.steps) == Self.events(scripted.script.steps), what)
                #expect(flowing.reasons == scripted.reasons, what)
                if scripted.reasons != [nil] { #expect(scripted.script.steps == answer, what) }
            }
        }
    }

    @Test("two faults, one behind the other", arguments: [4, 5] as [UInt64])
    func pairs(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for round in 0..<40 {
            let answer = Self.answer(&random)
            let (first, second) = (Self.faults(&random), Self.faults(&random))
            for (word, parameters) in first {
                for (other, more) in second {
                    let strikes = try Self.strikes([Self.fault(word, parameters), Self.fault(other, more)])
                    let scripted = BentSource.bend(ScriptedSource(answer), through: strikes.benders(protocol: .http))
                    let flowing = Self.flow(answer, strikes.benders(protocol: .http))
                    #expect(
                        Self.events(flowing.steps) == Self.events(scripted.script.steps),
                        "seed \(seed), round \(round): \(word) \(parameters), \(other) \(more) on \(answer)")
                }
            }
        }
    }

    @Test("no fault that bends answers is left out")
    func complete() throws {
        var random = SeededGenerator(seed: 6)
        let tested = Self.faults(&random)
        // Those of WebSockets bend messages, and have tests of their own.
        for word in FaultCatalogue.all.map(\.word) where !word.hasPrefix("ws-") {
            let parameters = tested[word].map { ", " + $0 } ?? ""
            let entry = try Value.parse(#"{"fault": "\#(word)"\#(parameters == ", " ? "" : parameters)}"#)
            let members = entry.members?.filter { $0.name != "fault" } ?? []
            var reader = FieldReader(members, path: .top, MistakeList())
            let kind = try #require(FaultCatalogue.all.first { $0.word == word })
            #expect(kind.read(&reader) is any DeliveryFault == (tested[word] != nil), "\(word)")
        }
    }
}

extension FrameRun {
    /// Its frame `index`, due at this moment.
    fileprivate func due(at moment: Int64, _ index: Int) -> FrameRun {
        FrameRun(frame: script.frames[index].bytes, due: moment, bytesPerSecond: bytesPerSecond)
    }
}
