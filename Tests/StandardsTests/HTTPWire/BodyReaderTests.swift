import Testing

@testable import HTTPWire

@Suite("BodyReader") struct BodyReaderTests {
    private let input = Array("hello world".utf8)

    @Test("a length takes that much and no more")
    func length() throws {
        let (bytes, fields) = Lines.fields(["Content-Length: 5"])
        let framing = try Framing(ControlFields(fields, in: bytes.span), in: bytes.span, minorVersion: 1)
        var reader = try BodyReader(framing, limits: Limits())
        var content: [UInt8] = []
        #expect(try reader.read(input.span, from: 9, into: &content) == 11)
        #expect(!reader.isComplete && !reader.endsWithConnection)
        #expect(try reader.read(input.span, from: 0, into: &content) == 3)
        #expect(reader.isComplete)
        #expect(content == Array("ldhel".utf8))
    }

    @Test("without length or chunks, all belongs to it, up to the limit")
    func untilClose() throws {
        var limits = Limits()
        limits.body = 12
        let framing = try Framing(ControlFields([], in: input.span), in: input.span, minorVersion: 1)
        var reader = try BodyReader(framing, limits: limits)
        var content: [UInt8] = []
        #expect(try reader.read(input.span, from: 0, into: &content) == 11)
        #expect(!reader.isComplete && reader.endsWithConnection)
        #expect(try reader.read(input.span, from: 10, into: &content) == 11)
        #expect(throws: MessageRefusal.self) { try reader.read(input.span, from: 10, into: &content) }
    }

    @Test("a large body grows in its place")
    func large() throws {
        let piece = [UInt8](repeating: 0x61, count: 65_536)
        let (bytes, fields) = Lines.fields(["Content-Length: 1048576"])
        let framing = try Framing(ControlFields(fields, in: bytes.span), in: bytes.span, minorVersion: 1)
        var reader = try BodyReader(framing, limits: Limits())
        var content: [UInt8] = []
        for _ in 0..<5 { _ = try reader.read(piece.span, from: 0, into: &content) }
        let place = content.withUnsafeBufferPointer { $0.baseAddress }
        for _ in 0..<11 { _ = try reader.read(piece.span, from: 0, into: &content) }
        #expect(content.withUnsafeBufferPointer { $0.baseAddress } == place)
        #expect(reader.isComplete && content.count == 1_048_576)
    }

    @Test("a length beyond the limit is refused before any of it arrives")
    func limit() throws {
        let (bytes, fields) = Lines.fields(["Content-Length: 100000001"])
        let framing = try Framing(ControlFields(fields, in: bytes.span), in: bytes.span, minorVersion: 1)
        #expect(throws: MessageRefusal(status: 413, message: "The body is longer than 100000000 bytes.")) {
            try BodyReader(framing, limits: Limits())
        }
    }
}
