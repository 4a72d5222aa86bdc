import Support
import Testing

@testable import HTTPWire

@Suite("ChunkReader") struct ChunkReaderTests {
    /// The data read, where the reader stopped, and whether the body is complete; nil for a refusal.
    private func read(_ text: String, cut: [Range<Int>]? = nil, limits: Limits = Limits()) -> Read? {
        let bytes = Array(text.utf8)
        var reader = ChunkReader(limits: limits)
        var result = Read()
        do throws(MessageRefusal) {
            for piece in cut ?? [0..<bytes.count] where !reader.isDone {
                let input = Array(bytes[piece])
                result.end = piece.lowerBound + (try reader.read(input.span, from: 0, into: &result.data))
            }
            result.isDone = reader.isDone
            return result
        } catch {
            return nil
        }
    }

    private struct Read: Equatable {
        var data: [UInt8] = []
        var end = 0
        var isDone = false
    }

    @Test("it stops after the last chunk's trailers, wherever the bytes are cut")
    func stops() {
        let text = "3;a=\"b;\\\"c\"\r\nabc\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\nGET"
        let expected = Read(data: Array("abc0123456789".utf8), end: text.utf8.count - 3, isDone: true)
        #expect(read(text) == expected)
        for cut in Cuts.all(of: text.utf8.count) { #expect(read(text, cut: cut) == expected, "\(cut.prefix(2))") }
    }

    @Test("every prefix of a body is incomplete, and none is refused")
    func prefixes() {
        let text = "3 ; a = b\r\nabc\r\n0;c\r\nX: y\r\n\r\n"
        for count in 0..<text.utf8.count {
            #expect(read(String(text.unicodeScalars.prefix(count)))?.isDone == false, "\(count)")
        }
        #expect(read(text)?.isDone == true)
    }

    @Test("sizes have 1 to 16 digits and fit", arguments: ["", "g", "-1", "00000000000000000", "8000000000000000"])
    func sizes(size: String) {
        #expect(read(size + "\r\n") == nil)
        #expect(read("000000000000001\r\na\r\n0\r\n\r\n")?.isDone == true)
    }

    @Test("chunks count together against the limit, before their data arrives")
    func limit() {
        var limits = Limits()
        limits.body = 4
        #expect(read("2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n", limits: limits)?.data == Array("abcd".utf8))
        #expect(read("2\r\nab\r\n3\r\n", limits: limits) == nil)
        #expect(read("7fffffffffffffff\r\n", limits: limits) == nil)
    }

    @Test("extensions count together against their limit")
    func extensions() {
        var limits = Limits()
        limits.chunkExtensions = 8
        #expect(read("1;abc\r\na\r\n0;ab\r\n\r\n", limits: limits)?.isDone == true)
        #expect(read("1;abc\r\na\r\n0;abcdef\r\n\r\n", limits: limits) == nil)
    }
}
