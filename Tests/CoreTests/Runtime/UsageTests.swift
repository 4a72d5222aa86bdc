import Runtime
import Testing
import Time

@Suite("Usage") struct UsageTests {
    private let start = Instant(seconds: 1_768_478_400)

    @Test("calls and new sessions have rates of their own")
    func rates() throws {
        let rate = try #require(Rate("2/s"))
        var usage = Usage()
        let calls = (0..<3).map { _ in usage.admitsCall(rate, at: start) }
        let sessions = (0..<3).map { _ in usage.admitsSession(rate, at: start) }
        #expect(calls == [true, true, false] && sessions == calls)
        let later = usage.admitsCall(rate, at: start + .milliseconds(500))
        #expect(later)
    }

    @Test("so many sessions may be active; one that is no more makes room")
    func sessions() {
        var usage = Usage()
        var active: Set<String> = []
        func admits(_ id: String) -> Bool {
            let isAdmitted = usage.admitsSession(id, most: 2) { active.contains($0) }
            if isAdmitted { active.insert(id) }
            return isAdmitted
        }
        #expect(["a", "b", "c"].map(admits) == [true, true, false])
        active.remove("a")
        #expect(["c", "a"].map(admits) == [true, false])
        let none = usage.admitsSession("x", most: 0) { _ in false }
        #expect(!none)
    }
}
