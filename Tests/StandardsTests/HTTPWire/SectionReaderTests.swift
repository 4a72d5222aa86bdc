import Bytes
import Support
import Testing

@testable import HTTPWire

@Suite("SectionReader") struct SectionReaderTests {
    private let head = Array("GET / HTTP/1.1\r\nHost: a\r\nX:\t\t\r\nY:  b c \t\r\n\r\nrest".utf8)

    @Test("a section is kept whole, its fields by their places, however it is cut")
    func cuts() throws {
        for cut in Cuts.all(of: head.count) {
            var reader = SectionReader(.request, limits: Limits())
            var held: [UInt8] = []
            var end: Int?
            for piece in cut where end == nil {
                let input = Array(head[piece])
                end = try reader.read(input.span, from: 0, held: &held).map { piece.lowerBound + $0 }
            }
            #expect(end == head.count - 4)
            #expect(held == Array(head.dropLast(6)))
            #expect(reader.fields.map { String(lossy: held[$0.name]) } == ["Host", "X", "Y"])
            #expect(reader.fields.map { String(lossy: held[$0.value]) } == ["a", "", "b c"])
        }
    }

    @Test("places count from the section's beginning, not the input's")
    func offset() throws {
        var reader = SectionReader(.request, limits: Limits())
        var held: [UInt8] = []
        let input = Array("before".utf8) + head
        #expect(try reader.read(input.span, from: 6, held: &held) == input.count - 4)
        #expect(reader.fields.first.map { String(lossy: held[$0.name]) } == "Host")
    }

    @Test("trailers have no start line and may be empty")
    func trailers() throws {
        var reader = SectionReader(.trailers, limits: Limits())
        var held: [UInt8] = []
        let input = Array("\r\nX: y\r\n\r\n".utf8)
        #expect(try reader.read(input.span, from: 0, held: &held) == 2)
        #expect(reader.fields.isEmpty && held.isEmpty)
        var other = SectionReader(.trailers, limits: Limits())
        held = []
        #expect(try other.read(input.span, from: 2, held: &held) == input.count)
        #expect(other.fields.count == 1)
    }

    @Test("a bad line is refused when it ends, not when the section does")
    func early() {
        var reader = SectionReader(.request, limits: Limits())
        var held: [UInt8] = []
        let input = Array("GET / HTTP/1.1\r\nHost : a\r\n".utf8)
        #expect(throws: MessageRefusal.self) { try reader.read(input.span, from: 0, held: &held) }
    }

    @Test(
        "the sentence names the line",
        arguments: [
            ("A B\r\n", "The request line"), ("GET / HTTP/1.1\r\nA\nB", "Header line 1 ends in a bare line feed"),
            ("GET / HTTP/1.1\r\nA: b\r\nC\0", "Header line 2 holds the control character 0x00"),
            ("GET / HTTP/1.1\r\nA: b\r\n c\r\n", "Header line 2 begins with white space"),
            ("GET / HTTP/1.1\r\nA : b\r\n", "Header line 1 has white space before its colon"),
            ("GET / HTTP/1.1\r\nA(: b\r\n", "Header line 1 has the byte 0x28 in its field name"),
            ("GET / HTTP/1.1\r\n: b\r\n", "Header line 1 has no field name"),
            ("GET / HTTP/1.1\r\nA\r\n", "Header line 1 has no colon"), ("\u{16}\u{3}", "plain HTTP"),
        ])
    func sentences(text: String, beginning: String) {
        var reader = SectionReader(.request, limits: Limits())
        var held: [UInt8] = []
        do throws(MessageRefusal) {
            _ = try reader.read(Array(text.utf8).span, from: 0, held: &held)
            Issue.record("accepted")
        } catch {
            #expect(error.message.contains(beginning), "\(error.message)")
        }
    }
}
