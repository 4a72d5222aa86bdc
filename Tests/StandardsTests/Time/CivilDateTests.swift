import Testing
import Time

@Suite("Civil date") struct CivilDateTests {
    @Test("every day from 1900 to 2100 comes back from its instant, one day after the other")
    func everyDay() throws {
        var instant = try #require(CivilDate(year: 1900, month: 1, day: 1)).instant
        var weekday = 1
        while CivilDate(instant).year < 2100 {
            let date = CivilDate(instant)
            #expect(date.instant == instant)
            #expect(date.weekday == weekday)
            instant = instant + .seconds(86_400)
            weekday = (weekday + 1) % 7
        }
    }

    @Test(
        "a date that the calendar does not have is none",
        arguments: [
            (2026, 2, 29), (2026, 2, 30), (1900, 2, 29), (2026, 4, 31), (2026, 13, 1), (2026, 0, 1), (2026, 1, 0),
            (9999, 1, 1),
        ])
    func noSuchDay(year: Int, month: Int, day: Int) {
        #expect(CivilDate(year: year, month: month, day: day) == nil)
    }

    @Test("leap days are dates")
    func leapDays() {
        #expect(CivilDate(year: 2024, month: 2, day: 29) != nil)
        #expect(CivilDate(year: 2000, month: 2, day: 29) != nil)
    }

    @Test("the first and the last moment that there are can be written down")
    func ends() {
        #expect(Instant(nanoseconds: .min).rfc3339 == "1677-09-21T00:12:43.145224192Z")
        #expect(Instant(nanoseconds: .max).rfc3339 == "2262-04-11T23:47:16.854775807Z")
    }

    @Test("the hour 24 and the second 60 do not exist")
    func noSuchTime() {
        #expect(CivilDate(year: 2026, month: 1, day: 1, hour: 24) == nil)
        #expect(CivilDate(year: 2026, month: 1, day: 1, second: 60) == nil)
    }
}
