import EventLoop
import JSON
import Journal
import Support
import Testing

@testable import Server

@Suite("Serving loop") struct ServingLoopTests {
    private func service() throws -> ServingLoop {
        let loop = try Loop()
        let keeper = try JournalKeeper(loop: loop, settings: ServingSettings(), writer: nil)
        return ServingLoop(
            loop: loop, settings: ServingSettings(), answering: ScriptedAnswers { _ in [] },
            state: try ScriptedAnswers.emptyState(), keeper: keeper, recordings: nil)
    }

    @Test("the date is that of the second asked for")
    func date() throws {
        let service = try service()
        let now = service.loop.now
        let text = Array(service.instant(at: now).httpDate.utf8)
        #expect(service.date(at: now) == text)
        let later = Array(service.instant(at: now + 3_600_000_000_000).httpDate.utf8)
        #expect(service.date(at: now + 3_600_000_000_000) == later && later != text)
    }

    @Test("however many ask for long answers, few pieces are made in one turn of the loop")
    func pieces() throws {
        let service = try service()
        for _ in 0..<3 {
            service.loop.mailbox.post {}
            service.loop.turn()
            #expect((0..<100).count { _ in service.mayMakePiece() } == ServingLoop.mostPieces)
        }
    }

    @Test("the output buffer keeps its memory, unless an answer made it very large")
    func output() throws {
        let service = try service()
        var buffer = service.takeOutput()
        buffer.append(contentsOf: repeatElement(1, count: 10_000))
        service.giveBack(buffer)
        buffer = service.takeOutput()
        #expect(buffer.isEmpty && buffer.capacity >= 10_000)
        buffer.reserveCapacity(1_000_000)
        service.giveBack(buffer)
        #expect(service.takeOutput().capacity < 1_000_000)
    }

    private static let stream = """
        {"understudy": 1, "agents": [{"arn": "*", "auth": "none"}],
         "rules": [{"when": {"payload": [{"path": "$", "exists": true}]},
                    "reply": {"stream": {"every": "1h", "events": [{"text": "one"}, {"text": "two"}]}}}]}
        """

    private func send(_ operation: String, session: String, on client: RawClient, _ more: String = "") {
        client.send(
            "POST /runtimes/a-ABCDEFGHIJ/\(operation)?accountId=123456789012 HTTP/1.1\r\nHost: localhost\r\n"
                + "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id: \(session)-\(String(repeating: "0", count: 33))\r\n"
                + "\(more)Content-Length: 2\r\n\r\n{}")
    }

    @Test(
        "the streams of a stopped session end at once, without their last chunk, and the journal says why; others run on"
    )
    func stoppedSession() async throws {
        let server = try TestServer.emulating(Self.stream)
        let clients = try (0..<4).map { _ in try server.client() }
        for (client, session) in zip(clients, ["a", "a", "b"]) {
            send("invocations", session: session, on: client)
            #expect(client.receive(through: "data: one\n\n\r\n").contains("200 OK"))
        }
        let held = try server.client()
        send("invocations", session: "a", on: held, "X-Understudy-Fault: hang\r\n")
        _ = await server.when { $0.log.record(of: 4) }
        send("stopruntimesession", session: "a", on: clients[3])
        #expect(clients[3].receiveAnswer().status == 200)
        #expect(clients[0].receiveAll() == ("", .fin) && clients[1].receiveAll() == ("", .fin))
        for number in 1...2 {
            #expect(await server.ended(number).outcome == .sessionStopped)
            let call = await server.when { $0.log.record(of: number)?.json }
            #expect(call["outcome"] == "closed" && call["why"] == "the session was stopped")
            #expect(call["frames"]?.array?.count == 1)
        }
        #expect(await server.when { $0.log.record(of: 3) }.ending == nil)
        send("invocations", session: "a", on: clients[3])
        #expect(clients[3].receive(through: "data: one\n\n\r\n").contains("200 OK"))
        let calls = await server.stop()
        #expect(
            calls.map(\.ending?.outcome.rawValue) == [
                "session-stopped", "session-stopped", "closed", "hung", "completed", "closed",
            ])
    }

    @Test("after a reset, what still runs belongs to no session that is new")
    func resetBetween() async throws {
        let server = try TestServer.emulating(Self.stream)
        let (old, new) = (try server.client(), try server.client())
        send("invocations", session: "a", on: old)
        _ = old.receive(through: "data: one\n\n\r\n")
        #expect(new.control("POST", "reset").0 == 200)
        send("invocations", session: "b", on: new)
        _ = new.receive(through: "data: one\n\n\r\n")
        let stopper = try server.client()
        send("stopruntimesession", session: "b", on: stopper)
        #expect(stopper.receiveAnswer().status == 200)
        #expect(new.receiveAll().end == .fin)
        let running = await server.look { service in
            service.loop.watchers.filter { ($0 as? Connection)?.delivery != nil }.count
        }
        #expect(running == 1)
        _ = await server.stop()
    }
}
