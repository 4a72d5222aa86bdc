import Bytes

/// A moment, in nanoseconds since 1970-01-01T00:00:00Z. Whoever needs the present gets it as an argument.
package struct Instant: Comparable, Hashable, Sendable {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    package init(seconds: Int64) { nanoseconds = seconds * 1_000_000_000 }

    /// Whole seconds, rounded down: the NumericDate of RFC 7519.
    package var seconds: Int64 {
        let towardsZero = nanoseconds / 1_000_000_000
        return nanoseconds % 1_000_000_000 < 0 ? towardsZero - 1 : towardsZero
    }

    package static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }
    package static func + (left: Instant, right: Duration) -> Instant {
        Instant(nanoseconds: left.nanoseconds + right.nanoseconds)
    }
    package static func - (left: Instant, right: Duration) -> Instant {
        Instant(nanoseconds: left.nanoseconds - right.nanoseconds)
    }
    package static func - (left: Instant, right: Instant) -> Duration {
        .nanoseconds(left.nanoseconds - right.nanoseconds)
    }
}

extension Duration {
    package var nanoseconds: Int64 {
        // What a call asks for is mostly no time at all, and 128 bits take long to divide.
        if self == .zero { return 0 }
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}

/// The three spellings of a moment that Understudy meets on the wire.
extension Instant {
    /// RFC 3339 with nanoseconds: `2026-01-15T12:00:00.000000000Z`.
    package var rfc3339: String {
        var text = dateAndTime()
        text.append(UInt8(ascii: "."))
        text.append(decimal: CivilDate(self).nanosecond, width: 9)
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    /// RFC 3339 in whole seconds: `2026-01-15T12:00:00Z`.
    package var rfc3339Seconds: String {
        String(decoding: dateAndTime() + [UInt8(ascii: "Z")], as: UTF8.self)
    }

    /// ISO 8601 "basic format", as SigV4 writes it: `20260115T120000Z`.
    package var basic: String {
        let date = CivilDate(self)
        var text: [UInt8] = []
        for (number, width) in [(date.year, 4), (date.month, 2), (date.day, 2)] {
            text.append(decimal: number, width: width)
        }
        text.append(UInt8(ascii: "T"))
        for number in [date.hour, date.minute, date.second] { text.append(decimal: number, width: 2) }
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    /// RFC 9110 5.6.7, IMF-fixdate: `Sun, 06 Nov 1994 08:49:37 GMT`.
    package var httpDate: String {
        let date = CivilDate(self)
        var text = Array(Self.weekdays[date.weekday].utf8)
        text.append(", ")
        text.append(decimal: date.day, width: 2)
        text.append(" \(Self.months[date.month - 1]) ")
        text.append(decimal: date.year, width: 4)
        text.append(UInt8(ascii: " "))
        Self.appendTime(of: date, to: &text)
        text.append(" GMT")
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads `20260115T120000Z` and nothing else.
    package init?(basic text: some Collection<UInt8>) { self.init(basic: Array(text).span) }

    /// The same without a copy, for the path of every signed call.
    package init?(basic text: Span<UInt8>) {
        func number(_ places: Range<Int>) -> Int? {
            var value = 0
            for place in places {
                guard ASCII.isDigit(text[place]) else { return nil }
                value = value * 10 + Int(text[place] - 0x30)
            }
            return value
        }
        guard text.count == 16, text[8] == UInt8(ascii: "T"), text[15] == UInt8(ascii: "Z"),
            let year = number(0..<4), let month = number(4..<6), let day = number(6..<8),
            let hour = number(9..<11), let minute = number(11..<13), let second = number(13..<15),
            let date = CivilDate(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        else { return nil }
        self = date.instant
    }

    /// Reads RFC 3339, with `Z` or a numeric offset and up to nine digits of fraction.
    package init?(rfc3339 text: some Collection<UInt8>) {
        var reader = Digits(text)
        guard let year = reader.number(4), reader.take(UInt8(ascii: "-")), let month = reader.number(2),
            reader.take(UInt8(ascii: "-")), let day = reader.number(2),
            reader.take(UInt8(ascii: "T")) || reader.take(UInt8(ascii: "t")) || reader.take(UInt8(ascii: " ")),
            let hour = reader.number(2), reader.take(UInt8(ascii: ":")), let minute = reader.number(2),
            reader.take(UInt8(ascii: ":")), let second = reader.number(2), let nanosecond = reader.fraction(),
            let offset = reader.offset(), reader.isAtEnd,
            let date = CivilDate(
                year: year, month: month, day: day, hour: hour, minute: minute, second: second,
                nanosecond: nanosecond)
        else { return nil }
        self.init(nanoseconds: date.instant.nanoseconds - Int64(offset) * 60_000_000_000)
    }

    /// Reads IMF-fixdate, the only form a sender may generate.
    package init?(httpDate text: some Collection<UInt8>) {
        var reader = Digits(text.dropFirst(5))
        guard text.count == 29, let day = reader.number(2), reader.take(UInt8(ascii: " ")),
            let month = reader.word(3).flatMap({ Self.months.firstIndex(of: $0) }), reader.take(UInt8(ascii: " ")),
            let year = reader.number(4), reader.take(UInt8(ascii: " ")), let hour = reader.number(2),
            reader.take(UInt8(ascii: ":")), let minute = reader.number(2), reader.take(UInt8(ascii: ":")),
            let second = reader.number(2), reader.word(4) == " GMT",
            let date = CivilDate(year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second),
            Array(text.prefix(5)) == Array("\(Self.weekdays[date.weekday]), ".utf8)
        else { return nil }
        self = date.instant
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private func dateAndTime() -> [UInt8] {
        let date = CivilDate(self)
        var text: [UInt8] = []
        text.append(decimal: date.year, width: 4)
        text.append(UInt8(ascii: "-"))
        text.append(decimal: date.month, width: 2)
        text.append(UInt8(ascii: "-"))
        text.append(decimal: date.day, width: 2)
        text.append(UInt8(ascii: "T"))
        Self.appendTime(of: date, to: &text)
        return text
    }

    private static func appendTime(of date: CivilDate, to text: inout [UInt8]) {
        text.append(decimal: date.hour, width: 2)
        text.append(UInt8(ascii: ":"))
        text.append(decimal: date.minute, width: 2)
        text.append(UInt8(ascii: ":"))
        text.append(decimal: date.second, width: 2)
    }
}

/// Takes fixed-width numbers off the front of a text. It copies the text first: what is generic over a collection is not
/// specialised across modules, and costs ten times as much.
private struct Digits {
    var rest: ArraySlice<UInt8>

    init(_ text: some Collection<UInt8>) { rest = Array(text)[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func number(_ width: Int) -> Int? {
        guard rest.count >= width, let value = ASCII.decimal(rest.prefix(width)) else { return nil }
        rest = rest.dropFirst(width)
        return value
    }

    mutating func word(_ width: Int) -> String? {
        defer { rest = rest.dropFirst(width) }
        return String(utf8: rest.prefix(width))
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func fraction() -> Int? {
        guard take(UInt8(ascii: ".")) else { return 0 }
        let digits = rest.prefix { ASCII.isDigit($0) }
        guard (1...9).contains(digits.count), var value = ASCII.decimal(digits) else { return nil }
        for _ in digits.count..<9 { value *= 10 }
        rest = rest.dropFirst(digits.count)
        return value
    }

    /// Minutes east of UTC.
    mutating func offset() -> Int? {
        if take(UInt8(ascii: "Z")) || take(UInt8(ascii: "z")) { return 0 }
        let isEast = take(UInt8(ascii: "+"))
        guard isEast || take(UInt8(ascii: "-")), let hours = number(2), hours < 24, take(UInt8(ascii: ":")),
            let minutes = number(2), minutes < 60
        else { return nil }
        return (isEast ? 1 : -1) * (hours * 60 + minutes)
    }
}
