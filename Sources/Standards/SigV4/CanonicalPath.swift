import Bytes

/// The canonical URI: "the URI-encoded version of the absolute path component of the URI". For every service but S3
/// the path is normalised (RFC 3986 section 5.2.4) and encoded a second time, so that `%3A` becomes `%253A`.
package enum CanonicalPath {
    package static func append(_ path: Range<Int>, of head: [UInt8], to text: inout [UInt8]) {
        if path.isEmpty { return text.append(UInt8(ascii: "/")) }
        let bytes = head.span.extracting(path)
        if isNormal(bytes) {
            appendEncoded(path, of: head, to: &text)
        } else {
            let normal = normalized(bytes)
            appendEncoded(0..<normal.count, of: normal, to: &text)
        }
    }

    /// The path that was written last. A client calls the same agent again and again, and its path with it.
    package struct Memory {
        private var path: [UInt8] = []
        private var canonical = [UInt8(ascii: "/")]

        package init() {}

        package mutating func append(_ path: Range<Int>, of head: [UInt8], to text: inout [UInt8]) {
            if !ByteSearch.equal(head.span.extracting(path), self.path.span) {
                self.path = Array(head[path])
                canonical.removeAll(keepingCapacity: true)
                CanonicalPath.append(path, of: head, to: &canonical)
            }
            text.append(contentsOf: canonical)
        }
    }

    /// Copies runs of what stays as it is.
    private static func appendEncoded(_ path: Range<Int>, of bytes: [UInt8], to text: inout [UInt8]) {
        let letters = bytes.span.extracting(path)
        text.append(addingCapacity: 3 * letters.count) { encoded in
            var start = 0
            while start < letters.count {
                let end = start + keptCount(letters.extracting(start...))
                encoded.append(letters.extracting(start..<end))
                if end < letters.count {
                    encoded.append(UInt8(ascii: "%"))
                    encoded.append(PercentEncoding.upperDigit(letters[end] >> 4))
                    encoded.append(PercentEncoding.upperDigit(letters[end] & 15))
                }
                start = end + 1
            }
        }
    }

    /// How many bytes at the beginning stay as they are: slashes, and what is unreserved.
    private static func keptCount(_ letters: Span<UInt8>) -> Int {
        letters.withUnsafeBufferPointer { letters in
            var count = 0
            while count < letters.count,
                letters[count] == UInt8(ascii: "/") || PercentEncoding.isUnreserved(letters[count])
            {
                count &+= 1
            }
            return count
        }
    }

    /// Neither `//` nor a segment that starts with a dot: nearly every path there is.
    private static func isNormal(_ path: Span<UInt8>) -> Bool {
        var start = 0
        while start < path.count {
            if path[start] == UInt8(ascii: "."), start == 0 || path[start - 1] == UInt8(ascii: "/") { return false }
            let slash = ByteSearch.first(UInt8(ascii: "/"), in: path, start..<path.count)
            if slash + 1 < path.count, path[slash + 1] == UInt8(ascii: "/") { return false }
            start = slash + 1
        }
        return true
    }

    /// Without `.`, `..` and empty segments. A slash at the end stays; one that only `..` leaves behind does not:
    /// `/a/b/..` is `/a`, in botocore and in the JavaScript SDK alike, where RFC 3986 would say `/a/`.
    private static func normalized(_ path: Span<UInt8>) -> [UInt8] {
        var kept: [Range<Int>] = []
        var start = 0
        for end in 0...path.count where end == path.count || path[end] == UInt8(ascii: "/") {
            let segment = start..<end
            start = end + 1
            switch dots(path.extracting(segment)) {
            case 2: _ = kept.popLast()
            case 1: break
            default: if !segment.isEmpty { kept.append(segment) }
            }
        }
        return joined(kept, of: path)
    }

    /// How many dots this segment is, when it is nothing else.
    private static func dots(_ segment: Span<UInt8>) -> Int {
        guard segment.count == 1 || segment.count == 2 else { return 0 }
        for index in 0..<segment.count where segment[index] != UInt8(ascii: ".") { return 0 }
        return segment.count
    }

    private static func joined(_ segments: [Range<Int>], of path: Span<UInt8>) -> [UInt8] {
        let slash = UInt8(ascii: "/")
        var text: [UInt8] = path[0] == slash ? [slash] : []
        for (number, segment) in segments.enumerated() {
            if number > 0 { text.append(slash) }
            for index in segment { text.append(path[index]) }
        }
        if path[path.count - 1] == slash, !segments.isEmpty { text.append(slash) }
        return text
    }
}
