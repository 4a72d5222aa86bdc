import Bytes

/// How a call says which space it belongs to (contract section 5): a path prefix, a host name, or a header.
package enum SpaceName {
    package static let usual = "default"
    package static let prefix: StaticString = "/_space/"

    /// A DNS label, as it has to be one in `{name}.localhost`; underscores are let through, as names of tests have them.
    package static func isValid(_ name: some Collection<UInt8>) -> Bool {
        (1...63).contains(name.count) && name.first != UInt8(ascii: "-")
            && name.allSatisfy {
                ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
            }
    }

    /// The name in `/_space/{name}/…`, and where the rest of the path stands, from its slash on.
    package static func inPath(_ path: ArraySlice<UInt8>) -> (name: ArraySlice<UInt8>, rest: Range<Int>)? {
        // Asked of every path: by its second letter nearly always at once.
        let count = prefix.utf8CodeUnitCount
        guard path.count > count, path[path.startIndex + 1] == prefix.utf8Start[1],
            path.prefix(count).elementsEqual(UnsafeBufferPointer(start: prefix.utf8Start, count: count))
        else { return nil }
        let name = path.dropFirst(count).prefix { $0 != UInt8(ascii: "/") }
        // An SDK whose operation has the path "/" asks an endpoint with a path for just that path: `POST /_space/a`.
        guard name.endIndex < path.endIndex else { return (name, path.startIndex..<path.startIndex + 1) }
        return (name, name.endIndex..<path.endIndex)
    }

    /// The name in `{name}.localhost`, with or without a port behind it.
    package static func inHost(_ host: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let bytes = host.span
        let dot = ByteSearch.first(UInt8(ascii: "."), in: bytes, 0..<bytes.count)
        let end = ByteSearch.first(UInt8(ascii: ":"), in: bytes, dot..<bytes.count)
        guard dot > 0, ASCII.equals(bytes.extracting(dot..<end), lowercase: ".localhost") else { return nil }
        return host.prefix(dot)
    }
}
