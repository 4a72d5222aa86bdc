import Bytes
import Time

/// When a signature was made, against when it is looked at.
struct Age {
    static let longestLifetime = 604_800

    let signed: Instant

    /// Reads the timestamp.
    init(_ authorization: borrowing Authorization) throws(Refusal) {
        guard let signed = Instant(basic: authorization.source.span.extracting(authorization.timestamp)) else {
            throw .badDate(authorization.text(authorization.timestamp))
        }
        self.signed = signed
    }

    /// Data planes allow five minutes either way; IAM and STS fifteen.
    func check(_ authorization: borrowing Authorization, within window: Int64, now: Instant) throws(Refusal) {
        let lifetime = try Self.lifetime(of: authorization, or: window)
        let now = now.seconds
        if signed.seconds < now - lifetime {
            throw .expired(
                signed: signed.basic, earliest: Self.text(now - lifetime), now: Self.text(now), seconds: lifetime)
        }
        if signed.seconds > now + window {
            throw .notYetCurrent(
                signed: signed.basic, latest: Self.text(now + window), now: Self.text(now),
                seconds: window)
        }
    }

    private static func lifetime(of authorization: borrowing Authorization, or window: Int64) throws(Refusal) -> Int64 {
        guard let place = authorization.lifetime else { return window }
        let digits = authorization.source[place]
        guard let seconds = ASCII.decimal(digits) else {
            let number = digits.first == UInt8(ascii: "-") ? ASCII.decimal(digits.dropFirst()) : nil
            throw number == nil ? .lifetimeNotANumber : .lifetimeNegative
        }
        if seconds > longestLifetime { throw .lifetimeTooLong }
        if seconds == 0 { throw .lifetimeNegative }
        return Int64(seconds)
    }

    /// `Instant` holds the years 1678 to 2261; a clock set beyond them still gets a text.
    private static func text(_ seconds: Int64) -> String {
        Instant(seconds: min(max(seconds, -9_214_560_000), 9_214_646_400)).basic
    }
}
