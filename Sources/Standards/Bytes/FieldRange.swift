/// A name and its value by their places in the bytes that hold them: a header field, a query parameter.
/// Shared by the modules that read a request, so that none has to copy another's list.
package struct FieldRange: Equatable, Hashable, Sendable {
    package var name: Range<Int>
    package var value: Range<Int>

    package init(name: Range<Int>, value: Range<Int>) {
        self.name = name
        self.value = value
    }

    /// The next parameter of a query or a form, still encoded, from `start` on, which moves behind it; nil at the end.
    /// RFC 3986 3.4 gives a query no inside: by custom (the URL standard's section 5.1), parameters stand between "&",
    /// and the first "=" of each ends its name. One without "=" has an empty value at its end.
    package static func parameter(in bytes: Span<UInt8>, from start: inout Int, to end: Int) -> FieldRange? {
        guard start <= end else { return nil }
        let place = start..<ByteSearch.first(UInt8(ascii: "&"), in: bytes, start..<end)
        start = place.upperBound + 1
        let equals = ByteSearch.first(UInt8(ascii: "="), in: bytes, place)
        return FieldRange(
            name: place.lowerBound..<equals, value: min(equals + 1, place.upperBound)..<place.upperBound)
    }

    /// The nothing between two "&": no name, no "=", no value.
    package var isNothing: Bool { name.isEmpty && value.isEmpty && name.upperBound == value.lowerBound }
}
