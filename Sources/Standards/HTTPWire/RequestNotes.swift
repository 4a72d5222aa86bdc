import Bytes

/// Where a request's parts are, as noted while its head was read.
final class RequestNotes: Sendable {
    let line: RequestLine
    /// A bit for the length of each name, 63 and more in one: most fields that are looked for are not there, and this
    /// tells it at once.
    let nameLengths: UInt64
    let knownPlaces: KnownPlaces
    let hasPlainLines: Bool

    init(
        _ line: RequestLine, nameLengths: UInt64, _ knownPlaces: KnownPlaces = KnownPlaces(),
        hasPlainLines: Bool = false
    ) {
        (self.line, self.nameLengths, self.knownPlaces) = (line, nameLengths, knownPlaces)
        self.hasPlainLines = hasPlainLines
    }

    /// The same line, other fields.
    convenience init(_ notes: RequestNotes, _ fields: [FieldRange]) {
        self.init(notes.line, nameLengths: Self.lengths(of: fields))
    }

    static func lengths(of fields: [FieldRange]) -> UInt64 {
        var lengths: UInt64 = 0
        for field in fields { lengths |= bit(ofLength: field.name.count) }
        return lengths
    }

    @inline(__always) static func bit(ofLength length: Int) -> UInt64 { 1 << UInt64(min(length, 63)) }
}

/// What few requests have.
final class RequestRarities: Sendable {
    let bodyDigest: [UInt8]?
    let aside: ContentAside?
    let proxyUser: [UInt8]

    init(bodyDigest: [UInt8]?, aside: ContentAside?, proxyUser: [UInt8]) {
        (self.bodyDigest, self.aside, self.proxyUser) = (bodyDigest, aside, proxyUser)
    }
}
