import Testing

@testable import Faults

@Suite("Fault mistake") struct FaultMistakeTests {
    @Test("it says where, what and what to do")
    func description() {
        let mistake = FaultMistake(["faults", "2", "on", "calls"], "is empty", hint: "write \"1\"")
        #expect(mistake.path == "faults[2].on.calls")
        #expect(mistake.description == #"faults[2].on.calls: is empty; write "1""#)
        #expect(FaultMistake([], "is empty").description == "is empty")
        #expect(
            FaultMistakes(list: [mistake, FaultMistake(["at"], "no")]).description.split(separator: "\n").count == 2)
    }
}
