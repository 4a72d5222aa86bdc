import Delivery
import HTTPWire
import Support
import Testing

@testable import Server

@Suite("Delivery, dripping") struct DeliveryDripTests {
    @Test("a frame leaves in pieces, in order, none before its moment, and counts once")
    func pieces() async throws {
        let texts = ["data: some words that take a while\n\n", "data: and some more of them\n\n"]
        let run = FrameRun(
            script: FrameScript(texts, every: 20_000_000), start: 5_000_000, seed: 1, bytesPerSecond: 400)
        let server = try TestServer { _ in .streamed(.frames(run), .end) }
        let client = try server.client()
        client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        let answer = client.receiveAnswer()
        #expect(answer.body == texts.joined())
        #expect(answer.pieces.count > texts.count)
        let report = await server.ended(1)
        #expect(report.frames.microseconds.count == texts.count)
        #expect(report.ended >= run.due(1))
        _ = await server.stop()
    }

    @Test("the head leaves at once, however late the first piece is")
    func head() async throws {
        let run = FrameRun(script: FrameScript(["a"], every: 0), start: 3_600_000_000_000, seed: 1, bytesPerSecond: 1)
        let server = try TestServer { _ in .streamed(.frames(run), .end) }
        let client = try server.client()
        client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(client.receive(through: "\r\n\r\n").hasPrefix("HTTP/1.1 200 OK"))
        _ = await server.stop()
    }
}
