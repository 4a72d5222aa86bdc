import Testing
import Time

@Suite("Timestamps") struct TimestampsTests {
    let moment = Instant(nanoseconds: 1_768_478_400_000_000_000 + 5)

    @Test("one moment in its four spellings")
    func spellings() {
        #expect(moment.rfc3339 == "2026-01-15T12:00:00.000000005Z")
        #expect(moment.rfc3339Seconds == "2026-01-15T12:00:00Z")
        #expect(moment.basic == "20260115T120000Z")
        #expect(moment.httpDate == "Thu, 15 Jan 2026 12:00:00 GMT")
    }

    @Test("what was written reads back")
    func readsBack() {
        #expect(Instant(rfc3339: moment.rfc3339.utf8) == moment)
        #expect(Instant(basic: moment.basic.utf8)?.seconds == moment.seconds)
        #expect(Instant(httpDate: moment.httpDate.utf8)?.seconds == moment.seconds)
    }

    @Test("offsets and fractions are understood")
    func offsets() {
        #expect(Instant(rfc3339: "2026-01-15T13:30:00.5+01:30".utf8) == Instant(nanoseconds: 1_768_478_400_500_000_000))
        #expect(Instant(rfc3339: "2026-01-15T07:00:00-05:00".utf8)?.rfc3339Seconds == "2026-01-15T12:00:00Z")
    }

    @Test(
        "anything else is no timestamp",
        arguments: [
            "", "2026-01-15", "2026-01-15T12:00:00", "2026-02-30T12:00:00Z", "2026-01-15T12:00:00.Z",
            "2026-01-15T12:00:00.1234567890Z", "2026-01-15T12:00:00+1:00", "2026-01-15T12:00:00Zjunk",
            "+026-01-15T12:00:00Z", "9999-01-15T12:00:00Z",
        ])
    func refused(text: String) {
        #expect(Instant(rfc3339: text.utf8) == nil)
    }

    @Test(
        "the basic format has one form",
        arguments: [
            "", "20260115T120000", "2026-01-15T12:00:00Z", "20260115T1200 0Z", "20260230T120000Z", "20260115T120000Z ",
        ])
    func refusedBasic(text: String) {
        #expect(Instant(basic: text.utf8) == nil)
    }

    @Test(
        "an HTTP date has its own weekday and one form",
        arguments: [
            "", "Fri, 15 Jan 2026 12:00:00 GMT", "Thu, 15 Jan 2026 12:00:00 UTC", "Thursday, 15-Jan-26 12:00:00 GMT",
        ])
    func refusedHTTPDate(text: String) {
        #expect(Instant(httpDate: text.utf8) == nil)
    }
}
