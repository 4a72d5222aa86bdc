import Delivery
import Testing

@Suite("Report") struct ReportTests {
    @Test("a frame log gives back the lateness it was told, in microseconds")
    func frameLog() {
        var log = FrameLog()
        let told: [Int64] = [0, 999, 1_000, 127_000, 128_000, 16_383_000, 16_384_000, 60_000_000_000, -5_000]
        for lateness in told { log.note(lateness: lateness) }
        #expect(log.microseconds == [0, 0, 1, 127, 128, 16_383, 16_384, 60_000_000, 0])
    }

    @Test("outcomes are spelled as the contract spells them")
    func outcomes() {
        #expect(
            Report.Outcome.allCases.map(\.rawValue) == [
                "completed", "client-closed", "reset", "closed", "hung", "refused", "session-stopped",
            ])
    }

    @Test("an answer that ended with its session is a closed one, with the reason beside the word")
    func stopped() {
        #expect(Report.Outcome.sessionStopped.word == "closed" && Report.Outcome.sessionStopped.why != nil)
        for outcome in Report.Outcome.allCases where outcome != .sessionStopped {
            #expect(outcome.word == outcome.rawValue && outcome.why == nil)
        }
    }
}
