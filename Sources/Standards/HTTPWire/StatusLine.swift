import Bytes

/// RFC 9112 section 4: status-line = HTTP-version SP status-code SP [ reason-phrase ].
struct StatusLine: Equatable {
    var minorVersion: UInt8
    var status: Int

    /// The space after the code may be missing when the phrase is: servers leave it out, and it says nothing.
    init(_ bytes: Span<UInt8>, line: Range<Int>) throws(Refusal) {
        let start = line.lowerBound
        guard line.count >= 12, RequestLine.spells(bytes, "HTTP/1.", at: start), ASCII.isDigit(bytes[start + 7]),
            bytes[start + 8] == UInt8(ascii: " "), line.count == 12 || bytes[start + 12] == UInt8(ascii: " ")
        else {
            throw .malformed("The status line is not an HTTP/1 version and a status code (RFC 9112 section 4).")
        }
        guard bytes[start + 7] <= UInt8(ascii: "1") else {
            throw Refusal(status: 505, message: "The server answered in a version above HTTP/1.1.")
        }
        var status = 0
        for index in start + 9..<start + 12 {
            guard ASCII.isDigit(bytes[index]) else {
                throw .malformed("The status code is not three digits (RFC 9112 section 4).")
            }
            status = status * 10 + Int(bytes[index] - 0x30)
        }
        guard status >= 100 else { throw .malformed("The status code is below 100 (RFC 9110 section 15).") }
        minorVersion = bytes[start + 7] - 0x30
        self.status = status
    }
}
