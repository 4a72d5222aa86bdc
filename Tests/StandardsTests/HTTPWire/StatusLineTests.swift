import Testing

@testable import HTTPWire

@Suite("StatusLine") struct StatusLineTests {
    private func line(_ text: String) throws(MessageRefusal) -> StatusLine {
        let bytes = Array(text.utf8)
        return try StatusLine(bytes.span, line: 0..<bytes.count)
    }

    @Test(
        "version and code are read, the phrase is not",
        arguments: [
            ("HTTP/1.1 200 OK", 1, 200), ("HTTP/1.0 404 Not Found", 0, 404), ("HTTP/1.1 599 ", 1, 599),
            ("HTTP/1.1 200", 1, 200),
        ])
    func read(text: String, minorVersion: UInt8, status: Int) throws {
        let line = try line(text)
        #expect(line.minorVersion == minorVersion)
        #expect(line.status == status)
    }

    @Test(
        "anything else is refused",
        arguments: [
            "", "HTTP/1.1", "HTTP/1.1 20", "HTTP/1.1 20x OK", "HTTP/1.1 2000", "HTTP/1.1\t200 OK", "HTTP/1.1 200\tOK",
            "http/1.1 200 OK", "HTTP/2.0 200 OK", "HTTP/1.2 200 OK", "HTTP/1.x 200 OK", "HTTP/1.1 099 OK",
            "ICY 200 OK!",
        ])
    func refused(text: String) {
        #expect(throws: MessageRefusal.self) { try line(text) }
    }
}
