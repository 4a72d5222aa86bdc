import Delivery
import HTTPWire
import Support
import Testing

@testable import Server

@Suite("Delivery, step by step") struct DeliveryAdvanceTests {
    static let get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"

    static let millisecond: Int64 = 1_000_000

    @Test(
        "frames leave in order, each in its own chunk, none before its time")
    func pacedFrames() async throws {
        let texts = (1...8).map { "data: \($0)\n\n" }
        let run = FrameRun(script: FrameScript(texts, every: 5 * Self.millisecond), start: Self.millisecond, seed: 1)
        let server = try TestServer { _ in .streamed(.frames(run), .end) }
        let client = try server.client()
        client.send(Self.get)
        let answer = client.receiveAnswer()
        #expect(answer.pieces == texts)
        #expect(answer.isWhole)
        let report = await server.ended(1)
        #expect(report.outcome == .completed)
        #expect(report.frames.microseconds.count == texts.count)
        #expect(report.frames.microseconds.allSatisfy { $0 >= 0 })
        #expect(report.ended >= run.due(7))
        client.send(Self.get)
        #expect(client.receiveAnswer().pieces == texts)
        _ = await server.stop()
    }

    @Test("frames that are overdue together stay chunks of their own")
    func overdueFrames() async throws {
        let texts = (1...300).map { "data: \($0)\n\n" }
        let run = FrameRun(script: FrameScript(texts, every: 0), start: 0, seed: 1)
        let server = try TestServer { _ in .streamed(.frames(run), .end) }
        let client = try server.client()
        client.send(Self.get)
        #expect(client.receiveAnswer().pieces == texts)
        #expect(await server.ended(1).frames.microseconds.count == 300)
        _ = await server.stop()
    }

    @Test("HTTP/1.0 gets the frames without chunks, until the connection ends")
    func oldProtocol() async throws {
        let run = FrameRun(script: FrameScript(["a", "b", "c"], every: Self.millisecond), start: 0, seed: 1)
        let server = try TestServer { _ in .streamed(.frames(run), .end) }
        let client = try server.client()
        client.send("GET / HTTP/1.0\r\n\r\n")
        let (text, end) = client.receiveAll()
        #expect(text.hasSuffix("\r\n\r\nabc"))
        #expect(!text.contains("chunked"))
        #expect(end == .fin)
        _ = await server.stop()
    }

    @Test("a range of a script's frames is sent, and no other")
    func ranges() async throws {
        let script = FrameScript(["a", "b", "c", "d"], every: 0)
        let server = try TestServer { _ in
            .streamed(
                .frames(FrameRun(script: script, range: 1..<3, start: 0, seed: 1)),
                .frames(FrameRun(script: script, range: 2..<9, start: 0, seed: 1)), .end)
        }
        let client = try server.client()
        client.send(Self.get)
        #expect(client.receiveAnswer().body == "bccd")
        #expect(await server.ended(1).frames.microseconds.count == 4)
        _ = await server.stop()
    }

    @Test("frames do not pile up behind a client that stopped reading; they leave when it reads again")
    func backpressure() async throws {
        let texts = (0..<400).map { "\($0):" + String(repeating: "x", count: 50_000) }
        let run = FrameRun(script: FrameScript(texts, every: 1_000), start: 0, seed: 1)
        let server = try TestServer { _ in .streamed(.frames(run), .end) }
        let client = try server.client(receiveBuffer: 4_096)
        client.send(Self.get)
        _ = client.receive(through: "\r\n\r\n")
        let held = await server.when { keeper in keeper.log.record(of: 1) == nil ? nil : true }
        #expect(held)
        let backlog = await server.backlogs { $0 > 0 }
        #expect(backlog < 200_000)
        var count = 0
        while let size = Int(client.receive(through: "\r\n").dropLast(1), radix: 16), size > 0 {
            #expect(client.receive(count: size + 2).count == size + 2)
            count += 1
        }
        #expect(count == texts.count)
        #expect(await server.ended(1).frames.microseconds.count == texts.count)
        _ = await server.stop()
    }

    @Test("what a full socket took of several frames is noted as left, the rest is not")
    func partialFrames() async throws {
        let texts = (0..<4_000).map { _ in String(repeating: "y", count: 4_000) }
        let run = FrameRun(script: FrameScript(texts, every: 0), start: 0, seed: 1)
        let server = try TestServer { _ in .streamed(.frames(run), .end) }
        let client = try server.client(receiveBuffer: 4_096)
        client.send(Self.get)
        _ = await server.backlogs { $0 > 0 }
        client.reset()
        let report = await server.ended(1)
        #expect(report.outcome == .clientClosed)
        let frames = report.frames.microseconds.count
        #expect(frames > 0 && frames < texts.count)
        #expect(frames * 4_007 <= report.bytes && report.bytes < (frames + 1) * 4_007 + 200)
        _ = await server.stop()
    }
}
