import Testing

@testable import Faults

@Suite("Lane") struct LaneTests {
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

    @Test("lanes called lately are found by the whole name, however its end looks")
    func recentLanes() {
        var lanes = RecentLanes()
        #expect(lanes["a"] == nil)
        let names = ["", "a", "é", "ba", "\0"] + (0..<500).map { "agent \($0)" }
        for (number, name) in names.enumerated() {
            lanes[name] = number
            #expect(lanes[name] == number)
            #expect(lanes[name + "x"] == nil)
        }
        #expect(names.enumerated().allSatisfy { lanes[$1] == nil || lanes[$1] == $0 })
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
        var place = Place(armed: 0)
        var memory = Memory()
        memory.calls = 5
        place.keep(memory, for: Bending.occasion(session: nil), perSession: true)
        #expect(place.memory(for: Bending.occasion(session: nil), perSession: true) == Memory())
        place.keep(memory, for: Bending.occasion(session: nil), perSession: false)
        #expect(place.memory(for: Bending.occasion(session: "x"), perSession: false) == memory)
    }
}
