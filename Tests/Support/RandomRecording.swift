import Delivery
import HTTPWire
import JSON
import Recording
import Time

/// Recorded calls that nobody would make.
extension RandomScenario {
    mutating func run(_ index: Int) -> RecordedRun {
        var run = RecordedRun(name: "\(text())\(index)")
        run.started = maybe { $0.moment() }
        // A recording that says nothing beside its name stands with its calls.
        run.ended = run.started == nil ? moment() : maybe { $0.moment() }
        return run
    }

    private mutating func moment() -> Instant { Instant(nanoseconds: 1_768_478_400_000_000_000 + Int64(number(999))) }

    mutating func call(_ recording: String) -> RecordedCall {
        var call = RecordedCall(agent: text(), reply: recordedReply())
        call.recording = recording
        call.qualifier = text()
        call.operation = text()
        call.session = maybe { $0.text() }
        call.arrived = maybe { $0.moment() }
        call.requestFields = fields()
        call.requestBody = pick([bytes(), value().compact, value().bytes(.spaced), []])
        call.outcome = pick(Report.Outcome.allCases)
        return call
    }

    private mutating func recordedReply() -> RecordedReply {
        let frames = list { random, _ in
            RecordedFrame(
                at: Int64(random.number(5_000_000)), bytes: random.pick([random.bytes(), Array("é".utf8)]),
                size: random.maybe { $0.number(9_000) },
                message: random.maybe {
                    RecordedMessage(
                        from: $0.pick(RecordedMessage.Side.allCases), $0.pick(RecordedMessage.Kind.allCases))
                })
        }
        var reply = RecordedReply(body: pick([.frames(frames), .whole(value().compact), .whole([])]))
        reply.status = 200 + number(399)
        reply.fields = fields()
        reply.at = Int64(number(1_000))
        reply.ended = Int64(number(9_000_000))
        return reply
    }

    private mutating func fields() -> FieldBlock {
        var fields = FieldBlock()
        for _ in 0..<number(3) { fields.add(name: "X-\(number(1))", value: pick(["", "a b: c", "é"])) }
        return fields
    }
}
