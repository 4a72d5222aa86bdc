import Bytes
import Testing

@testable import SigV4

@Suite("Message") struct MessageTests {
    @Test("a request about to be sent, taken apart at its first question mark")
    func parts() {
        let message = Message(method: "GET", target: "/a?b?c", fields: [("Host", "h"), ("A", "1"), ("a", "2")])
        #expect(String(lossy: message.head[message.method]) == "GET")
        #expect(String(lossy: message.head[message.path]) == "/a")
        #expect(message.query.map { String(lossy: message.head[$0]) } == "b?c")
        #expect(message.value(of: "a").map { String(lossy: message.head[$0]) } == "1")
        #expect(message.count(of: "a") == 2)
        #expect(message.value(of: "b") == nil)
        #expect(Message(method: "GET", target: "/a", fields: []).query == nil)
    }

    @Test("empty parts are parts")
    func empty() {
        let message = Message(method: "", target: "?", fields: [("", "")])
        #expect(message.path.isEmpty)
        #expect(message.query?.isEmpty == true)
        #expect(message.fields.count == 1)
    }
}
