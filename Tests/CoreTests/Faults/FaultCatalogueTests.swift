import Fields
import Library
import Testing

@testable import Faults

@Suite("Fault catalogue") struct FaultCatalogueTests {
    @Test("every word of the contract has its fault")
    func words() {
        #expect(
            FaultCatalogue.words == [
                "error", "expiring-token", "throttle", "latency", "cold-start", "not-ready", "hang",
                "stall",
                "slow-drip", "reset", "close", "corrupt", "agent-error-event", "clock-skew", "jwks-outage",
                "key-rotation", "ws-close", "ws-drop",
            ])
    }

    @Test("what is not there is told apart")
    func find() throws {
        #expect(
            try Bending.mistakes(#"{"fault": "ws-close", "code": 1006}"#).first?
                .contains("1006 cannot stand in a close frame") == true)
        #expect(
            try Bending.mistakes(#"{"fault": "resett"}"#) == [
                #"fault: "resett" is no fault; did you mean "reset"?"#
            ])
        let stranger = try Bending.mistakes(#"{"fault": "x"}"#)
        #expect(
            stranger.first?.hasPrefix(#"fault: "x" is no fault; there are error, expiring-token"#) == true
        )
    }

    @Test("no fault without parameters crashes, whatever stands in them", arguments: FaultCatalogue.all.map(\.word))
    func hostile(word: String) throws {
        let values = [
            "null", "true", "-1", "1e400", #""""#, #""ÿ""#, "[]", "{}", #"[{"a": []}]"#, "9223372036854775807",
        ]
        for name in [
            "delay", "at", "for", "status", "kind", "rate", "bytes", "offset", "uniform", "headers", "odd.name",
        ] {
            for value in values {
                let entry = try Bending.entry(#"{"fault": "\#(word)", "\#(name)": \#(value)}"#)
                var book = try Bending.book()
                do throws(Mistakes) {
                    try book.arm(entry, now: Bending.noon)
                } catch {
                    #expect(!error.list.isEmpty && !error.description.isEmpty)
                }
            }
        }
    }
}
