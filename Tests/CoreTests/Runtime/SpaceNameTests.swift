import Bytes
import Runtime
import Testing

@Suite("Space name") struct SpaceNameTests {
    private func inPath(_ path: String) -> [String]? {
        let bytes = Array(path.utf8)
        return SpaceName.inPath(bytes[...]).map { [String(lossy: $0.name), String(lossy: bytes[$0.rest])] }
    }

    private func inHost(_ host: String) -> String? {
        SpaceName.inHost(Array(host.utf8)[...]).map { String(lossy: $0) }
    }

    @Test("a path prefix names the space, and the rest is the path")
    func path() {
        #expect(inPath("/_space/worker-1/runtimes/a/invocations") == ["worker-1", "/runtimes/a/invocations"])
        for root in ["/_space/a/", "/_space/a"] { #expect(inPath(root) == ["a", "/"]) }
        for none in ["/", "/_space/", "/_spaces/a/b", "/runtimes/_space/a/b"] {
            #expect(inPath(none) == nil)
        }
    }

    @Test("a host below localhost names the space")
    func host() {
        #expect(inHost("worker-1.localhost:8787") == "worker-1")
        #expect(inHost("w.LOCALHOST") == "w")
        for none in ["localhost", "127.0.0.1:8787", "a.b.localhost", ".localhost", "a.localhost.evil"] {
            #expect(inHost(none) == nil)
        }
    }

    @Test(
        "a name is a label",
        arguments: [
            ("a", true), ("worker_1", true), ("", false), ("-a", false), ("a.b", false), ("a b", false), ("%41", false),
        ])
    func valid(name: String, isValid: Bool) {
        #expect(SpaceName.isValid(name.utf8) == isValid)
        #expect(!SpaceName.isValid(String(repeating: "x", count: 64).utf8))
    }
}
