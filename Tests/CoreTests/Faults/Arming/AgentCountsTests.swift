import Testing

@testable import Faults

@Suite("Counts of an agent") struct AgentCountsTests {
    @Test("sessions are remembered, and forgotten only when many others were met since")
    func recent() {
        var sessions = RecentSessions()
        var memory = Memory()
        memory.calls = 1
        for number in 0..<RecentSessions.most { sessions["s\(number)"] = memory }
        sessions["one more"] = memory
        #expect(sessions["s0"] == memory)
        sessions["s0"] = memory
        for number in 0..<RecentSessions.most { sessions["t\(number)"] = memory }
        #expect(sessions["s1"] == nil)
        #expect(sessions["s0"] == memory)
        #expect(sessions.count <= 2 * RecentSessions.most)
    }

    @Test("rows called lately are found by the whole name, however its end looks")
    func recentLanes() {
        var rows = RecentRows()
        #expect(rows["a"] == nil)
        let names = ["", "a", "é", "ba", "\0"] + (0..<500).map { "agent \($0)" }
        for (number, name) in names.enumerated() {
            rows[name] = number
            #expect(rows[name] == number)
            #expect(rows[name + "x"] == nil)
        }
        #expect(names.enumerated().allSatisfy { rows[$1] == nil || rows[$1] == $0 })
    }

    @Test("a session that ended is gone, also from among the old")
    func removal() {
        var sessions = RecentSessions()
        sessions["a"] = Memory()
        for number in 0..<RecentSessions.most { sessions["s\(number)"] = Memory() }
        sessions["a"] = nil
        #expect(sessions["a"] == nil)
    }

    @Test("a call without a session is always the first of its own")
    func noSession() {
        var count = FaultCount(armed: 0)
        var memory = Memory()
        memory.calls = 5
        count.keep(memory, for: Bending.candidate(session: nil), perSession: true)
        #expect(count.memory(for: Bending.candidate(session: nil), perSession: true) == Memory())
        count.keep(memory, for: Bending.candidate(session: nil), perSession: false)
        #expect(count.memory(for: Bending.candidate(session: "x"), perSession: false) == memory)
    }
}
