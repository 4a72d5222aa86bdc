import Bytes
import Testing

@testable import HTTPWire

@Suite("Framing") struct FramingTests {
    private func framing(_ lines: String..., minorVersion: UInt8 = 1) throws(MessageRefusal) -> Framing {
        let (bytes, fields) = Lines.fields(lines)
        return try Framing(ControlFields(fields, in: bytes.span), in: bytes.span, minorVersion: minorVersion)
    }

    private func status(_ line: String) -> Int? {
        do throws(MessageRefusal) {
            _ = try framing(line)
            return nil
        } catch {
            return error.status
        }
    }

    @Test("a length, chunks, or nothing")
    func kinds() throws {
        #expect(try framing("Content-Length: 42") == .length(42))
        #expect(try framing("Content-Length: 000000000000000042") == .length(42))
        #expect(try framing("Content-Length: 999999999999999999") == .length(999_999_999_999_999_999))
        #expect(try framing("Transfer-Encoding: Chunked") == .chunked)
        #expect(try framing("X: y") == .unstated)
    }

    @Test(
        "a length that is not digits alone, or too many, is refused",
        arguments: ["", "+1", "-1", "1 2", "1,1", "0x1", "1.0", "1e1", "a", "١", "9999999999999999999"])
    func lengths(value: String) {
        #expect(status("Content-Length: \(value)") == 400)
    }

    @Test(
        "a coding but chunked is refused: 501 where chunked still ends the body, 400 where its end is unknown",
        arguments: [
            ("gzip, chunked", 501), ("x , y,\tchunked", 501), ("gzip", 400), ("chunked, gzip", 400),
            ("chunked, chunked", 400), ("identity", 400), ("identity, chunked", 400), ("chunked,", 400),
            (",chunked", 400), ("chunked;a=b", 400), ("gzip;a=b, chunked", 400), ("", 400), ("chun ked", 400),
            ("chunked chunked", 400), ("\"chunked\"", 400),
        ])
    func codings(value: String, expected: Int) {
        #expect(status("Transfer-Encoding: \(value)") == expected)
    }

    @Test("both at once, and chunks in HTTP/1.0, are refused")
    func contradictions() {
        #expect(throws: MessageRefusal.self) { try framing("Content-Length: 1", "Transfer-Encoding: chunked") }
        #expect(throws: MessageRefusal.self) { try framing("Transfer-Encoding: chunked", minorVersion: 0) }
    }
}
