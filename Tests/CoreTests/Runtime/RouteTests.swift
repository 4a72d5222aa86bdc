import Bytes
import Runtime
import Testing

@Suite("Route") struct RouteTests {
    func path(_ text: String) -> (agent: String, tail: String)? {
        let bytes = Array(text.utf8)
        guard let path = AgentPath(bytes.span, path: bytes.indices) else { return nil }
        return (String(lossy: bytes[path.agent]), String(lossy: bytes[path.tail]))
    }

    @Test("a runtime path is an agent and a tail, both still encoded")
    func split() throws {
        let found = try #require(path("/runtimes/a%2Fb/invocations"))
        #expect(found.agent == "a%2Fb")
        #expect(found.tail == "invocations")
        #expect(path("/runtimes/arn:x:runtime/y/invocations")?.tail == "y/invocations")
    }

    @Test(
        "without an agent or a tail there is none",
        arguments: [
            "/", "/runtimes", "/runtimes/", "/runtimes//x", "/runtimes/a", "/Runtimes/a/invocations", "runtimes/a/b",
        ])
    func none(text: String) {
        #expect(path(text) == nil)
    }

    @Test("a tail is matched whole")
    func tails() {
        let bytes = Array("invocations/".utf8)
        let slashed = Route(method: "POST", tail: "invocations/").hasTail(bytes.indices, in: bytes.span)
        let plain = Route(method: "POST", tail: "invocations").hasTail(bytes.indices, in: bytes.span)
        #expect(slashed)
        #expect(!plain)
    }
}
