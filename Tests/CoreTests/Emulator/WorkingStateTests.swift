import Emulator
import Testing

@Suite("Working state") struct WorkingStateTests {
    @Test("a fault that cannot be armed keeps the scenario from being served, with its reason")
    func faults() throws {
        let more = #""faults": [{"name": "odd", "fault": "latency", "dealy": "1s"}],"#
        let error = #expect(throws: ScenarioRefusal.self) {
            try Stage(script(#"{"reply": {"text": "ok"}}"#, more: more))
        }
        #expect(error?.description.contains("dealy") == true)
    }
}
