import SSEWire
import Testing

@Suite("FrameEnds") struct FrameEndsTests {
    private func split(_ pieces: [String]) -> [String] {
        var ends = FrameEnds()
        return pieces.flatMap { ends.split(Array($0.utf8)).map { String(decoding: $0, as: UTF8.self) } }
    }

    @Test(
        "a piece ends where an event does, whichever way its lines end",
        arguments: [
            (["data: a\n\ndata: b\n\n"], ["data: a\n\n", "data: b\n\n"]),
            (["data: a\r\n\r\ndata: b\r\n\r\n"], ["data: a\r\n\r\n", "data: b\r\n\r\n"]),
            (["data: a\r\rdata: b\r\r"], ["data: a\r\r", "data: b\r\r"]),
            (["event: x\ndata: a\n\ndata"], ["event: x\ndata: a\n\n", "data"]),
            (["data: a\n", "\ndata: b\n\n"], ["data: a\n", "\n", "data: b\n\n"]),
            (["data: a\r\n\r", "\ndata: b\r\n\r\n"], ["data: a\r\n\r", "\n", "data: b\r\n\r\n"]),
            (["no event at all"], ["no event at all"]),
            ([": ping\n\n"], [": ping\n\n"]),
        ])
    func pieces(given: [String], found: [String]) { #expect(split(given) == found) }

    @Test("nothing is lost or changed, byte by byte too")
    func whole() {
        let text = "data: one\n\n\n\ndata: two\r\n\r\n\r\ndata: three\r\r: x\n\ntail"
        #expect(split([text]).joined() == text)
        #expect(split(text.utf8.map { String(decoding: [$0], as: UTF8.self) }).joined() == text)
    }
}
