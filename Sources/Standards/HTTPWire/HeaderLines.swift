import Bytes

/// Header fields as a block and a record hold them: `Name: value` and CRLF for each.
package enum HeaderLines {
    package static func forEach(in bytes: Span<UInt8>, _ body: (FieldRange) -> Void) {
        var start = 0
        while start < bytes.count {
            let end = ByteSearch.first(UInt8(ascii: "\r"), in: bytes, start..<bytes.count)
            let colon = ByteSearch.first(UInt8(ascii: ":"), in: bytes, start..<end)
            if colon < end { body(FieldRange(name: start..<colon, value: min(colon + 2, end)..<end)) }
            start = end + 2
        }
    }

    package static func fields(of bytes: Span<UInt8>) -> [FieldRange] {
        var fields: [FieldRange] = []
        forEach(in: bytes) { fields.append($0) }
        return fields
    }
}
