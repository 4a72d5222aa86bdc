import Delivery
import Faults
import Testing

/// What `reset` and `close` have in common: where they cut. `word` is the fault, and how the cut stands in a transcript.
enum Cutting {
    /// The lines before the cut.
    static let ofStream: [(point: String, lines: [String])] = [
        ("request", []),
        ("headers", ["head 200"]),
        ("frame 1", ["head 200", "100ms data: one⏎⏎"]),
        ("frame 3", ["head 200", "100ms data: one⏎⏎", "200ms data: two⏎⏎", "300ms data: three⏎⏎"]),
        ("byte 3", ["head 200", "100ms dat"]),
        ("byte 11", ["head 200", "100ms data: one⏎⏎"]),
        ("byte 12", ["head 200", "100ms data: one⏎⏎", "200ms d"]),
    ]
    static let ofBody: [(point: String, lines: [String])] = [
        ("byte 4", ["head 200, 8 bytes", #"body {"a""#]), ("byte 8", ["head 200, 8 bytes", #"body {"a": 1}"#]),
    ]
    static let impossible: [(point: String, steps: [Step], reason: String)] = [
        ("frame 4", Bending.stream, "the reply has only 3 frames"),
        ("frame 1", Bending.json, "the reply is no stream: it has no frames"),
        ("byte 9", Bending.json, "the body has only 8 bytes"),
        ("byte 1", Bending.json(""), "the body has only 0 bytes"),
    ]

    static func expectCuts(_ word: String) throws {
        for (steps, cuts) in [(Bending.stream, ofStream), (Bending.json, ofBody)] {
            for (point, lines) in cuts {
                let bent = try Bending.bent(steps, by: fault(word, point))
                #expect(bent.lines == lines + [word], "\(point)")
                #expect(bent.journal == [word])
            }
        }
    }

    static func expectArrival(_ word: String, _ steps: [Step]) throws {
        var book = try Bending.book(fault(word, "accept"))
        var strikes = book.decide(Bending.candidate())
        #expect(strikes.takeArrival() == steps)
        #expect(strikes.entries.map(\.text) == [word])
    }

    static func expectReasons(_ word: String) throws {
        for (point, steps, reason) in impossible {
            let bent = try Bending.bent(steps, by: fault(word, point))
            #expect(bent.steps == steps)
            #expect(bent.journal == ["\(word) (not applied: \(reason))"])
        }
        #expect(try Bending.mistakes(#"{"fault": "\#(word)"}"#) == [#""at" is missing"#])
    }

    private static func fault(_ word: String, _ point: String) -> String {
        #"{"fault": "\#(word)", "at": "\#(point)"}"#
    }
}
