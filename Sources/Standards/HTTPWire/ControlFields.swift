import Bytes

/// The header fields that steer the connection, found in one walk. Two of what may stand once are refused here: a
/// message that can be read in two ways is how requests are smuggled.
struct ControlFields: Equatable {
    var host: Int?
    var contentLength: Range<Int>?
    var transferEncoding: Range<Int>?
    var expectation: Range<Int>?
    var asksToClose = false
    var asksToKeepAlive = false

    init(_ fields: [FieldRange], in bytes: Span<UInt8>) throws(MessageRefusal) {
        for index in fields.indices {
            let field = fields[index]
            guard Self.lengths >> UInt64(min(field.name.count, 63)) & 1 == 1 else { continue }
            let name = bytes.extracting(field.name)
            switch name.count {
            case 4 where ASCII.equals(name, lowercase: "host"):
                if let host {
                    guard Self.isTolerable(fields[host], field, fields, in: bytes) else { throw Self.twice("Host") }
                } else {
                    host = index
                }
            case 6 where ASCII.equals(name, lowercase: "expect"):
                if expectation == nil || !Self.isContinue(bytes.extracting(field.value)) { expectation = field.value }
            case 10 where ASCII.equals(name, lowercase: "connection"):
                let options = bytes.extracting(field.value)
                asksToClose = asksToClose || Self.lists("close", in: options)
                asksToKeepAlive = asksToKeepAlive || Self.lists("keep-alive", in: options)
            case 14 where ASCII.equals(name, lowercase: "content-length"):
                guard contentLength == nil else { throw Self.twice("Content-Length") }
                contentLength = field.value
            case 17 where ASCII.equals(name, lowercase: "transfer-encoding"):
                guard transferEncoding == nil else { throw Self.twice("Transfer-Encoding") }
                guard !Self.standsBesideTab(field, in: bytes) else {
                    throw .malformed("A tab stands beside the value of Transfer-Encoding, where senders put a space.")
                }
                transferEncoding = field.value
            default: break
            }
        }
    }

    /// A bit for the length of each of their names.
    private static let lengths: UInt64 = 1 << 4 | 1 << 6 | 1 << 10 | 1 << 14 | 1 << 17

    static func isContinue(_ value: Span<UInt8>) -> Bool { ASCII.equals(value, lowercase: "100-continue") }

    /// The service's own helper for Python hands out the fields of an opening, which the library that opens it then sends
    /// beside its own: for a WebSocket, and there alone, a Host that says the same again is one. Only a whole opening
    /// (RFC 6455 4.1) counts as one: `Upgrade` alone, which anybody may send with any request, does not.
    private static func isTolerable(
        _ first: FieldRange, _ second: FieldRange, _ fields: [FieldRange], in bytes: Span<UInt8>
    ) -> Bool {
        ByteSearch.equal(bytes.extracting(first.value), bytes.extracting(second.value))
            && RequestLine.spells(bytes, "GET ", at: 0)
            && lists("websocket", of: "upgrade", fields, in: bytes)
            && lists("upgrade", of: "connection", fields, in: bytes)
            && fields.contains { ASCII.equals(bytes.extracting($0.name), lowercase: "sec-websocket-key") }
    }

    private static func lists(
        _ option: StaticString, of name: StaticString, _ fields: [FieldRange], in bytes: Span<UInt8>
    ) -> Bool {
        fields.contains { field in
            ASCII.equals(bytes.extracting(field.name), lowercase: name)
                && lists(option, in: bytes.extracting(field.value))
        }
    }

    private static func twice(_ name: String) -> MessageRefusal {
        .malformed("The message has two \(name) fields, and only one may count (RFC 9112 sections 3.2 and 6.3).")
    }

    /// A tab is legal white space there, and some recipients overlook a coding beside one: nobody sends it in good faith.
    private static func standsBesideTab(_ field: FieldRange, in bytes: Span<UInt8>) -> Bool {
        for index in field.name.upperBound..<field.value.lowerBound where bytes[index] == 0x09 { return true }
        var index = field.value.upperBound
        while index < bytes.count, SectionReader.isBlank(bytes[index]) {
            if bytes[index] == 0x09 { return true }
            index += 1
        }
        return false
    }

    /// RFC 9110 7.6.1: connection options are a list of case-insensitive tokens.
    static func lists(_ option: StaticString, in value: Span<UInt8>) -> Bool {
        var start = 0
        while start <= value.count {
            var end = start
            while end < value.count, value[end] != UInt8(ascii: ",") { end += 1 }
            if ASCII.equals(value.extracting(trimmed(value, start..<end)), lowercase: option) { return true }
            start = end + 1
        }
        return false
    }

    static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, SectionReader.isBlank(bytes[start]) { start += 1 }
        while end > start, SectionReader.isBlank(bytes[end - 1]) { end -= 1 }
        return start..<end
    }

    /// RFC 9112 9.3: close wins; HTTP/1.1 persists unless told, HTTP/1.0 only when told.
    func keepsAlive(minorVersion: UInt8) -> Bool {
        !asksToClose && (minorVersion >= 1 || asksToKeepAlive)
    }
}
