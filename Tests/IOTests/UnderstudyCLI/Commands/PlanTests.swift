import JSON
import Support
import Testing

@testable import UnderstudyCLI

@Suite("plan") struct PlanTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func library(_ faults: String) throws -> String {
        try folder.write("faults.json", Array(#"{"understudy": 1, "faults": [\#(faults)]}"#.utf8))
    }

    @Test("a table for people, JSON for programs, and the same for the same seed")
    func plan() throws {
        let file = try library(#"{"name": "busy", "on": {"chance": 0.5}, "fault": "error", "status": 503}"#)
        let text = Ran("plan", file, "--seed", "7", "--calls", "50")
        #expect(text.output.hasPrefix("seed 7, space default\nbusy: error"))
        #expect(Ran("plan", file, "--seed", "7", "--calls", "50") == text)
        #expect(Ran("plan", file, "--seed", "8", "--calls", "50") != text)
        let json = try Value.parse(Ran("plan", file, "--calls", "5", "--json").output)
        #expect(json["calls"]?.array?.count == 5)
    }

    @Test("what cannot be planned is refused with the reason")
    func refused() throws {
        let file = try library(#"{"name": "odd", "fault": "latency", "dealy": "1s"}"#)
        #expect(Ran("plan", file).exit == .badInput)
        #expect(Ran("plan", file).errors.contains("dealy"))
        #expect(Ran("plan", "--calls", "0").exit == .badInput)
        #expect(Ran("plan", "--seed", "-1").exit == .badInput)
    }
}
