import Delivery
import Testing

@testable import Faults

@Suite("slow-drip") struct SlowDripTests {
    @Test("a body becomes one slow frame; what waited behind it waits longer")
    func body() throws {
        #expect(
            try Bending.bent(Bending.json, by: #"{"fault": "slow-drip", "bytesPerSecond": 4}"#).lines == [
                "head 200, 8 bytes", #"0s {"a": 1}, 4 B/s"#, "end",
            ])
        #expect(
            try Bending.bent(
                Bending.json, by: #"{"fault": "stall", "bytes": 4, "for": "1s"}"#,
                #"{"fault": "slow-drip", "bytesPerSecond": 4}"#
            ).lines == [
                "head 200, 8 bytes", #"0s {"a", 4 B/s"#, "wait 2s", "2s : 1}, 4 B/s", "end",
            ])
    }

    @Test("a frame begins when it is due, but not before the one ahead of it has left")
    func frames() throws {
        #expect(
            try Bending.bent(Bending.stream, by: #"{"fault": "slow-drip", "bytesPerSecond": 110}"#).lines == [
                "head 200", "100ms data: one⏎⏎, 110 B/s", "200ms data: two⏎⏎, 110 B/s",
                "300ms data: three⏎⏎, 110 B/s", "end",
            ])
        #expect(
            try Bending.bent(Bending.stream, by: #"{"fault": "slow-drip", "bytesPerSecond": 11}"#).lines == [
                "head 200", "100ms data: one⏎⏎, 11 B/s", "1100ms data: two⏎⏎, 11 B/s",
                "2100ms data: three⏎⏎, 11 B/s", "end",
            ])
    }

    @Test("the end of what drips can be late, and be cut")
    func combined() throws {
        let drip = #"{"fault": "slow-drip", "bytesPerSecond": 4}"#
        #expect(
            try Bending.bent(Bending.json, by: drip, #"{"fault": "reset", "at": "byte 5"}"#).lines == [
                "head 200, 8 bytes", #"0s {"a":, 4 B/s"#, "reset",
            ])
        #expect(
            try Bending.bent(Bending.stream, by: drip, #"{"fault": "latency", "delay": "1s", "at": "end"}"#).lines
                .suffix(2) == ["wait 9850ms", "end"])
        let twice = try Bending.bent(Bending.json, by: drip, #"{"fault": "slow-drip", "bytesPerSecond": 9}"#)
        #expect(twice.lines[1].hasSuffix("4 B/s"))
    }

    @Test("nothing cannot drip")
    func notApplicable() throws {
        let bent = try Bending.bent(Bending.json(""), by: #"{"fault": "slow-drip", "bytesPerSecond": 4}"#)
        #expect(bent.journal == ["slow-drip (not applied: the reply has no body that could drip)"])
    }

    @Test("what it cannot take")
    func refused() throws {
        #expect(try Bending.mistakes(#"{"fault": "slow-drip"}"#) == [#""bytesPerSecond" is missing"#])
        #expect(
            try Bending.mistakes(#"{"fault": "slow-drip", "bytesPerSecond": 0}"#) == [
                "bytesPerSecond: 0 is not a whole number from 1 to 1000000000"
            ])
    }
}
