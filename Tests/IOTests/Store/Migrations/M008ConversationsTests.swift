import Delivery
import Fields
import Journal
import JSON
import Library
import Rules
import Testing

@testable import Store

@Suite("The schema's conversations") struct M008ConversationsTests {
    private static let written = """
        INSERT INTO rules (id, operation) VALUES (1, 'InvokeAgentRuntimeWithWebSocketStream');
        INSERT INTO replies (rule, kind, socket_open, socket_messages, socket_echo) VALUES (1, 'websocket',
          '[{"text":"hello","after":"50ms"}]', '[{"when":{"state":"start"},"then":"asked","send":[{"base64":"AAE="}],"close":{"code":1000}}]', 1);
        """

    @Test("a conversation that a person writes with SQL is read, and written back as it was")
    func conversation() throws {
        let scenario = try EditedLibrary(Self.written).read()
        let reply = try #require(scenario.rules.first?.reply.kind as? WebSocketReply)
        #expect(reply.open == [.init(.text("hello"), after: .milliseconds(50))] && reply.echo == true)
        let answer = try #require(reply.messages?.first)
        #expect(answer.then == "asked" && answer.when?.state == "start" && answer.close == .init(code: 1_000))
        #expect(answer.send == [.init(.base64([0, 1]))])
        #expect(try EditedLibrary(of: scenario, "").read() == scenario)
    }

    @Test("nonsense in it is named by its row")
    func nonsense() throws {
        let library = try EditedLibrary(Self.written)
        try library.edit(#"UPDATE replies SET socket_open = '[{"txt":1}]'"#)
        #expect(
            library.mistakes == ["table replies, row 1, column kind: is a websocket reply whose columns mean nothing"])
    }

    @Test("a log of messages comes through a file as it was")
    func log() throws {
        var log = MessageLog()
        log.note(.init(.received, .text, bytes: 300, at: 1_500_000))
        log.note(.init(.sent, .binary, bytes: 0, at: 2_000_000, note: Array(#""a":{"b":[1]}"#.utf8)))
        log.note(.init(.received, .close, bytes: 2, at: 9_000_000_000, note: Array(#""code":1000"#.utf8)))
        #expect(MessageLog(json: log.json(.nanoseconds)) == log)
        #expect(MessageLog(bytes: log.bytes) == log)
        #expect(
            String(decoding: log.json(.milliseconds), as: UTF8.self)
                == #"[{"direction":"in","kind":"text","bytes":300,"at":1.5},"#
                + #"{"direction":"out","kind":"binary","bytes":0,"at":2,"a":{"b":[1]}},"#
                + #"{"direction":"in","kind":"close","bytes":2,"at":9000,"code":1000}]"#)
        #expect(MessageLog(json: Array(#"[{"direction":"up"}]"#.utf8)) == nil)
    }
}
