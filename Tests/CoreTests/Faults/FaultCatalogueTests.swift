import Library
import Testing

@testable import Faults

@Suite("Fault catalogue") struct FaultCatalogueTests {
    @Test("every word of the contract has its fault, but those of the WebSocket surface")
    func words() {
        let words = FaultCatalogue.all.map(\.word)
        #expect(words + FaultCatalogue.comingWithWebSocket == FaultReader.names)
    }

    @Test("what is not there is told apart")
    func find() throws {
        for word in ["ws-close", "ws-drop"] {
            #expect(
                try Bending.mistakes(#"{"fault": "\#(word)"}"#) == [
                    "fault: \"\(word)\" comes with the WebSocket surface"
                ])
        }
        guard case .failure(let mistake) = FaultCatalogue.find("resett", at: ["fault"]) else { return }
        #expect(mistake.description == #"fault: "resett" is no fault; did you mean "reset"?"#)
        guard case .failure(let stranger) = FaultCatalogue.find("x", at: []) else { return }
        #expect(stranger.hint?.hasPrefix("there are error, expiring-token") == true)
    }

    @Test("no fault without parameters crashes, whatever stands in them", arguments: FaultCatalogue.all.map(\.word))
    func hostile(word: String) throws {
        let values = [
            "null", "true", "-1", "1e400", #""""#, #""ÿ""#, "[]", "{}", #"[{"a": []}]"#, "9223372036854775807",
        ]
        var probe = ParameterReader([], at: [])
        _ = FaultCatalogue.all.first { $0.word == word }?.read(&probe)
        for name in [
            "delay", "at", "for", "status", "kind", "rate", "bytes", "offset", "uniform", "headers", "odd.name",
        ] {
            for value in values {
                let entry = try Bending.entry(#"{"fault": "\#(word)", "\#(name)": \#(value)}"#)
                var book = try Bending.book()
                do throws(FaultMistakes) {
                    try book.arm(entry, now: Bending.noon)
                } catch {
                    #expect(!error.list.isEmpty && !error.description.isEmpty)
                }
            }
        }
    }
}
