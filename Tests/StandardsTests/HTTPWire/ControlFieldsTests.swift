import Bytes
import Testing

@testable import HTTPWire

@Suite("ControlFields") struct ControlFieldsTests {
    private func read(_ lines: String...) throws(MessageRefusal) -> ControlFields {
        let (bytes, fields) = Lines.fields(lines)
        return try ControlFields(fields, in: bytes.span)
    }

    @Test("the fields that steer are found whatever their case, others are not")
    func found() throws {
        let control = try read("hOST: a", "X: y", "CONTENT-LENGTH: 5", "Expect: x", "Hosts: b")
        #expect(control.host == 0)
        #expect(control.contentLength != nil && control.expectation != nil)
        #expect(control.transferEncoding == nil)
    }

    @Test("what may stand once is refused twice", arguments: ["Host", "Content-Length", "Transfer-Encoding"])
    func twice(name: String) {
        #expect(throws: MessageRefusal.self) { try read("\(name): 1", "\(name.lowercased()): 1") }
    }

    @Test(
        "a connection persists as its version and its options say",
        arguments: [
            ("", 1, true), ("", 0, false), ("close", 1, false), ("keep-alive", 0, true),
            ("Keep-Alive, CLOSE", 0, false),
            (",, close ,", 1, false), ("close\t", 1, false), ("closed", 1, true), ("xclose", 1, true),
            ("close;a", 1, true), ("upgrade", 0, false),
        ])
    func persistence(options: String, minorVersion: UInt8, keepsAlive: Bool) throws {
        #expect(try read("Connection: \(options)").keepsAlive(minorVersion: minorVersion) == keepsAlive)
    }

    @Test("close in any of several fields counts")
    func severalFields() throws {
        let control = try read("Connection: close", "Connection: keep-alive")
        #expect(control.asksToClose && control.asksToKeepAlive)
        #expect(!control.keepsAlive(minorVersion: 1))
    }

    @Test("a tab beside the coding is refused on either side, a space is not")
    func tabs() throws {
        #expect(throws: MessageRefusal.self) { try read("Transfer-Encoding:\tchunked") }
        #expect(throws: MessageRefusal.self) { try read("Transfer-Encoding: chunked \t") }
        #expect(try read("Transfer-Encoding:  chunked ").transferEncoding != nil)
    }

    @Test("an expectation that is not understood is not hidden by one that is")
    func expectations() throws {
        let (bytes, fields) = Lines.fields(["Expect: b", "Expect: 100-continue"])
        let control = try ControlFields(fields, in: bytes.span)
        #expect(control.expectation == fields[0].value)
        let (others, otherFields) = Lines.fields(["Expect: 100-continue", "Expect: b"])
        #expect(try ControlFields(otherFields, in: others.span).expectation == otherFields[1].value)
    }
}

/// Header lines as a parser would leave them.
enum Lines {
    static func fields(_ lines: [String]) -> (bytes: [UInt8], fields: [FieldRange]) {
        var bytes: [UInt8] = []
        var fields: [FieldRange] = []
        for line in lines {
            let start = bytes.count
            bytes += Array(line.utf8)
            let colon = bytes[start...].firstIndex(of: UInt8(ascii: ":")) ?? bytes.count
            let blank: (Int) -> Bool = { bytes[$0] == 0x20 || bytes[$0] == 0x09 }
            let first = (colon + 1..<bytes.count).first { !blank($0) } ?? bytes.count
            let last = (first..<bytes.count).last { !blank($0) }.map { $0 + 1 } ?? first
            fields.append(FieldRange(name: start..<colon, value: first..<last))
            bytes += [0x0D, 0x0A]
        }
        return (bytes, fields)
    }
}
