import Journal
import Support
import Testing

@Suite("The trace a caller tells") struct CallerTraceTests {
    @Test(
        "the id alone, out of either field",
        arguments: [
            ("X-Amzn-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"),
            ("x-amzn-trace-id", "Parent=53995c3f42cd8ad8; root=1-5759e988-bd862e3fe1be46a994272793"),
            ("X-Amzn-Trace-Id", "1-5759e988-bd862e3fe1be46a994272793"),
        ])
    func xray(name: String, value: String) {
        #expect(CallerTrace.of(.made("GET", "/", [(name, value)])) == "1-5759e988-bd862e3fe1be46a994272793")
    }

    @Test("W3C's, and the service's own before it")
    func w3c() {
        let parent = ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
        #expect(CallerTrace.of(.made("GET", "/", [parent])) == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(CallerTrace.of(.made("GET", "/", [parent, ("X-Amzn-Trace-Id", "Root=1-a-b")])) == "1-a-b")
    }

    @Test("none, nothing, and what is no id")
    func none() {
        #expect(CallerTrace.of(.made("GET", "/")) == nil)
        #expect(CallerTrace.of(.made("GET", "/", [("traceparent", "")])) == nil)
        #expect(CallerTrace.of(.made("GET", "/", [("traceparent", "Bearer a.b.c")])) == nil)
        #expect(CallerTrace.of(.made("GET", "/", [("traceparent", String(repeating: "a", count: 999))]))?.count == 128)
    }
}
