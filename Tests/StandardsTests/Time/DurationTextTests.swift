import Testing
import Time

@Suite("Duration text") struct DurationTextTests {
    @Test(
        "people's durations",
        arguments: [
            ("250ms", Duration.milliseconds(250)), ("1.5s", .milliseconds(1_500)), ("15m", .seconds(900)),
            ("8h", .seconds(28_800)), ("0s", .zero), ("0.25ms", .microseconds(250)), ("1us", .microseconds(1)),
            ("2d", .seconds(172_800)), ("59m1s", .seconds(3_541)), ("1h30m", .seconds(5_400)),
            ("1d1h1m1s1ms1us1ns", .nanoseconds(90_061_001_001_001)), ("1m1.5s", .milliseconds(61_500)),
            ("90m90s", .seconds(5_490)),
        ])
    func read(text: String, duration: Duration) {
        #expect(Duration(text: text) == duration)
    }

    @Test("what is written reads back", arguments: [0, 1, 999, 1_500_000, 900_000_000_000, 5_400_000_000_000])
    func roundTrip(nanoseconds: Int64) {
        #expect(Duration(text: Duration.nanoseconds(nanoseconds).text) == .nanoseconds(nanoseconds))
    }

    @Test(
        "no unit, no number, a sign or too much is no duration",
        arguments: [
            "", "5", "ms", "-1s", "+1s", "1 s", "1.s.s", "1.2.3s", "1e3s", "99999999999999999h", "1.1234567890s",
            "1s59m", "1m1m", "1.5m1s", "59m 1s", "59m1", "59m1s ", "106751d10h", "1m.5s",
        ])
    func refused(text: String) {
        #expect(Duration(text: text) == nil)
    }

    @Test(
        "as one says it, in whole seconds, and it reads back",
        arguments: [(3_541, "59m1s"), (0, "0s"), (60, "1m"), (3_600, "1h"), (90_061, "25h1m1s"), (59, "59s")])
    func spoken(seconds: Int, text: String) {
        #expect(Duration.seconds(seconds).spoken == text)
        #expect(Duration(text: text) == .seconds(seconds))
    }
}
