import Testing

@Suite("Every source has its test") struct CompanionsTests {
    /// Sources that say nothing a test could doubt, each with its reason.
    private static let exceptions: [String: String] = [
        "Sources/IO/Main/main.swift": "one call",
        "Sources/Core/Journal/Call.swift": "stored values only",
        "Sources/Core/Access/Verdict.swift": "stored values only",
        "Sources/Core/Delivery/Step.swift": "stored values only",
        "Sources/Core/Faults/Fault.swift": "what every fault has to say; each has its own tests",
        "Sources/Core/Faults/Occasion.swift": "stored values only",
        "Sources/IO/Server/Answering.swift": "a protocol only",
        "Sources/IO/Server/ServingSettings.swift": "stored values only",
        "Sources/Core/Scenarios/Model/Rule.swift": "stored values only",
        "Sources/Core/Scenarios/Model/Scenario.swift": "stored values only",
    ]

    @Test("Sources/Layer/Module/X.swift is tested in Tests/LayerTests/Module/XTests.swift")
    func companions() {
        let tests = Set(SourceTree.tests.map(\.path))
        let missing = SourceTree.swift.map(\.path).filter {
            Self.exceptions[$0] == nil && !tests.contains(test(of: $0))
        }
        #expect(missing.isEmpty, "without a test file:\n\(missing.joined(separator: "\n"))")
    }

    @Test("no exception outlives its reason")
    func exceptionsAreNeeded() {
        let sources = Set(SourceTree.swift.map(\.path))
        let tests = Set(SourceTree.tests.map(\.path))
        let stale = Self.exceptions.keys.filter { !sources.contains($0) || tests.contains(test(of: $0)) }
        #expect(stale.isEmpty, "gone, or tested by now: \(stale.sorted())")
    }

    /// `Sources/Core/Journal/Call.swift` → `Tests/CoreTests/Journal/CallTests.swift`
    private func test(of source: String) -> String {
        var parts = source.dropLast(".swift".count).split(separator: "/").map(String.init)
        parts[0] = "Tests"
        parts[1] += "Tests"
        return parts.joined(separator: "/") + "Tests.swift"
    }
}
