import Emulator
import Testing

@testable import Fields
@testable import Library

/// What is wrong with a text, one line a mistake: `path: message; hint`.
func mistakes(in text: String) -> [String] {
    ScenarioFile.read(Array(text.utf8), fileName: "f", .complete()).1.map { mistake in
        "\(mistake.path): \(mistake.message)\(mistake.hint.map { "; \($0)" } ?? "")"
    }
}

/// The scenario of a text that has to be right.
func fileHolding(_ members: String) throws -> Scenario {
    let (scenario, mistakes) = ScenarioFile.read(
        Array("{\"understudy\": 1, \(members)}".utf8), fileName: "f", .complete())
    return try #require(scenario, "\(mistakes)")
}

/// A mistake that a member of a file has: where, and how its text begins.
struct Refused: CustomTestStringConvertible {
    var members: String
    var path: String
    var message: String

    init(_ members: String, _ path: String, _ message: String) {
        self.members = members
        self.path = path
        self.message = message
    }

    var testDescription: String { members }

    /// Whether exactly this is wrong with the file.
    func isRefused(sourceLocation: SourceLocation = #_sourceLocation) {
        let found = mistakes(in: "{\"understudy\": 1, \(members)}")
        #expect(found.count == 1, "\(found)", sourceLocation: sourceLocation)
        #expect(found.first?.hasPrefix("\(path): \(message)") == true, "\(found)", sourceLocation: sourceLocation)
    }
}

extension Mistake {
    /// `3:22`
    var lineAndColumn: String { place.map { "\($0.line):\($0.column)" } ?? "" }
}
