import Delivery
import Runtime
import Testing
import Time

@testable import Faults

@Suite("Struck faults") struct StruckFaultsTests {
    private func strikes(_ faults: String...) throws -> StruckFaults {
        var book = try FaultBook(try faults.map(Bending.entry), seed: 7, space: "default", now: Bending.noon)
        return book.decide(Bending.candidate())
    }

    @Test("faults combine in the order of arming: a spike before a stalled stream is two faults")
    func combined() throws {
        let spike = #"{"fault": "latency", "name": "spike", "spike": {"base": "26s", "to": "26s", "chance": 1}}"#
        let stall = #"{"fault": "stall", "frames": 1, "for": "5s"}"#
        #expect(
            try Bending.bent(Bending.stream, by: spike, stall).lines == [
                "wait 26s", "head 200", "26100ms data: one⏎⏎", "31200ms data: two⏎⏎", "31300ms data: three⏎⏎", "end",
            ])
        let cut = #"{"fault": "close", "at": "frame 1"}"#
        let late = try Bending.bent(Bending.stream, by: cut, stall)
        #expect(late.lines == ["head 200", "100ms data: one⏎⏎", "wait 5100ms", "close"])
        let beyond = try Bending.bent(Bending.stream, by: cut, #"{"fault": "stall", "frames": 2}"#)
        #expect(beyond.journal == ["close", "stall (not applied: the reply has only 1 frame)"])
    }

    @Test("an error comes late when a latency is armed too")
    func lateError() throws {
        var both = try strikes(#"{"fault": "error", "status": 503}"#, #"{"fault": "latency", "delay": "1s"}"#)
        #expect(both.takeRefusal(to: Caller())?.answer.status == 503)
        #expect(Bending.transcript(both.bend(Bending.json, protocol: .http)).first == "wait 1s")
        #expect(both.entries.map(\.text) == ["error", "latency"])
    }

    @Test("the first fault with an answer answers; what nobody took is told")
    func pending() throws {
        var two = try strikes(#"{"fault": "expiring-token"}"#, #"{"fault": "error", "status": 503}"#)
        #expect(two.takeRefusal(to: Caller())?.answer.status == 403)
        #expect(two.takeArrival() == nil)
        #expect(
            two.entries.map(\.text) == [
                "expiring-token", "error (not applied: the call was answered before it came to that)",
            ])
        var dropped = try strikes(
            #"{"fault": "error", "status": 503}"#, #"{"fault": "close", "at": "accept"}"#,
            #"{"fault": "clock-skew", "offset": "1m"}"#)
        #expect(dropped.takeArrival() == [.close])
        #expect(dropped.entries.map { $0.text.hasSuffix("it came to that)") } == [true, false, true])
    }

    @Test("nothing strikes: the steps are as they were")
    func empty() {
        var none = StruckFaults()
        #expect(none.isEmpty && none.entries.isEmpty)
        #expect(none.takeArrival() == nil && none.takeClockOffset() == .zero && none.takeIssuerEffects() == [])
        #expect(none.takeRefusal(to: Caller()) == nil)
        #expect(none.bend(Bending.stream, protocol: .http) == Bending.stream)
    }

    @Test("the caller's shape is worked out only when somebody answers")
    func lazy() throws {
        var asked = 0
        func caller() -> Caller {
            asked += 1
            return Caller()
        }
        var hang = try strikes(#"{"fault": "hang"}"#)
        #expect(hang.takeRefusal(to: caller()) == nil && asked == 0)
        var error = try strikes(#"{"fault": "error", "status": 503}"#)
        #expect(error.takeRefusal(to: caller()) != nil && asked == 1)
    }

    @Test("every pair of delivery faults in either order leaves steps that make sense")
    func pairs() throws {
        let faults = [
            #"{"fault": "latency", "delay": "1s"}"#, #"{"fault": "latency", "delay": "1s", "at": "every-frame"}"#,
            #"{"fault": "latency", "delay": "1s", "at": "end"}"#, #"{"fault": "hang"}"#,
            #"{"fault": "hang", "for": "1s"}"#, #"{"fault": "stall", "frames": 1}"#,
            #"{"fault": "stall", "bytes": 5, "for": "1s"}"#, #"{"fault": "slow-drip", "bytesPerSecond": 10}"#,
            #"{"fault": "reset", "at": "byte 4"}"#, #"{"fault": "close", "at": "frame 2"}"#,
            #"{"fault": "corrupt", "kind": "invalid-json"}"#, #"{"fault": "corrupt", "kind": "duplicate"}"#,
            #"{"fault": "corrupt", "kind": "wrong-length"}"#, #"{"fault": "agent-error-event"}"#,
        ]
        for first in faults {
            for second in faults {
                for steps in [Bending.stream, Bending.json, Bending.json("")] {
                    let named = [first, second].enumerated().map { "{\"name\": \"\($0)\"," + $1.dropFirst() }
                    let bent = try Bending.bent(steps, by: named[0], named[1])
                    #expect(
                        bent.steps.count { $0 == .end || $0 == .close || $0 == .reset || $0 == .hang } == 1, "\(named)")
                    let moments = bent.steps.map(\.lastDue).filter { $0 > 0 }
                    #expect(moments == moments.sorted(), "\(named)")
                    #expect(bent.journal.count == 2)
                }
            }
        }
    }
}
