import Testing
import Time

@Suite("Instant") struct InstantTests {
    @Test("seconds round down, also before 1970")
    func seconds() {
        #expect(Instant(nanoseconds: 1_999_999_999).seconds == 1)
        #expect(Instant(nanoseconds: -1).seconds == -1)
        #expect(Instant(nanoseconds: -1_000_000_000).seconds == -1)
    }

    @Test("durations move it and lie between two")
    func arithmetic() {
        let noon = Instant(seconds: 43_200)
        #expect(noon + .seconds(60) - noon == .seconds(60))
        #expect(noon - .milliseconds(1) < noon)
        #expect((Duration.seconds(2) + .nanoseconds(5)).nanoseconds == 2_000_000_005)
    }
}
