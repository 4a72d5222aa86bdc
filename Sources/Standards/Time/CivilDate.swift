/// The proleptic Gregorian calendar in UTC, day by day and back: Howard Hinnant's "days from civil".
package struct CivilDate: Equatable, Sendable {
    package var year: Int
    package var month: Int
    package var day: Int
    package var hour: Int
    package var minute: Int
    package var second: Int
    package var nanosecond: Int

    /// Nil unless the calendar has this date; 30 February and the hour 24 do not exist. The years are those that
    /// 64 bits of nanoseconds can hold.
    package init?(
        year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, nanosecond: Int = 0
    ) {
        guard (1678...2261).contains(year), (1...12).contains(month), (0..<24).contains(hour),
            (0..<60).contains(minute), (0..<60).contains(second), (0..<1_000_000_000).contains(nanosecond),
            (1...Self.days(in: month, of: year)).contains(day)
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
        (self.hour, self.minute, self.second, self.nanosecond) = (hour, minute, second, nanosecond)
    }

    package init(_ instant: Instant) {
        let days = Self.dayNumber(of: instant)
        let secondOfDay = Int(instant.seconds) - days * 86_400
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        hour = secondOfDay / 3_600
        minute = secondOfDay / 60 % 60
        second = secondOfDay % 60
        // The seconds times a billion would be too much at the very beginning.
        let remainder = instant.nanoseconds % 1_000_000_000
        nanosecond = Int(remainder < 0 ? remainder + 1_000_000_000 : remainder)
    }

    package var instant: Instant {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        let seconds = Int64(days) * 86_400 + Int64(hour * 3_600 + minute * 60 + second)
        return Instant(nanoseconds: seconds * 1_000_000_000 + Int64(nanosecond))
    }

    /// 0 is Sunday.
    package var weekday: Int {
        ((Self.dayNumber(of: instant) + 4) % 7 + 7) % 7
    }

    /// Days since 1970-01-01, rounded down.
    private static func dayNumber(of instant: Instant) -> Int {
        let seconds = Int(instant.seconds)
        return (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
    }

    static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
