import Runtime
import Testing

@Suite("Member limits") struct MemberLimitsTests {
    @Test("a session id of 33 to 256 characters passes")
    func accepted() {
        #expect(MemberLimit.runtimeSession.violation(ofLength: 33) == nil)
        #expect(MemberLimit.runtimeSession.violation(ofLength: 256) == nil)
    }

    @Test("a shorter or longer one gets the service's sentence, and names the field")
    func refused() throws {
        let short = try #require(MemberLimit.runtimeSession.violation(ofLength: 32))
        #expect(
            short.message
                == "1 validation error detected: Value at 'runtimeSessionId' failed to satisfy constraint: "
                + "Member must have length greater than or equal to 33")
        #expect(short.reason == .fieldValidationFailed)
        #expect(
            short.fields.map { "\($0.name): \($0.message)" } == [
                "runtimeSessionId: Member must have length greater than or equal to 33"
            ])
        let long = MemberLimit.runtimeSession.violation(ofLength: 257)
        #expect(long?.message.hasSuffix("less than or equal to 256") == true)
        #expect(MemberLimit.runtimeSession.violation(ofLength: 0) != nil)
    }

    @Test("MCP's own headers end at 1,024 characters")
    func mcp() {
        for header in ["mcp-session-id", "mcp-protocol-version", "mcp-method", "mcp-name"] {
            let limit = MemberLimit.invocation.first { $0.header?.name.description == header }
            #expect(limit?.violation(ofLength: 1_024) == nil)
            #expect(limit?.violation(ofLength: 1_025) != nil, "\(header)")
        }
    }

    @Test("a command's trace fields may have eight times the characters of an invocation's; all else is alike")
    func command() {
        for (invoked, commanded) in zip(MemberLimit.invocation, MemberLimit.command) {
            let name = invoked.header?.name.description ?? ""
            #expect(!name.isEmpty && commanded.header?.name.description == name)
            let isLonger = ["x-amzn-trace-id", "traceparent"].contains(name)
            #expect(commanded.longest == (isLonger ? 1_024 : invoked.longest), "\(name)")
        }
        #expect(MemberLimit.command.count == MemberLimit.invocation.count)
    }

    @Test("a client token is letters and digits with hyphens between them, 33 to 256 of them")
    func clientToken() throws {
        let uuid = "52e835c0-1111-4222-8333-444444444444"
        let letters = String(repeating: "a", count: 33)
        for token in [uuid, letters, "a\(String(repeating: "-", count: 40))b"] {
            #expect(ClientToken.violation(of: token) == nil, "\(token)")
        }
        for token in ["-" + letters, letters + "-", letters + "_", letters + "é", letters + " ", letters + "\n"] {
            #expect(
                ClientToken.violation(of: token)?.message
                    == "1 validation error detected: Value at 'clientToken' failed to satisfy constraint: Member must "
                    + "satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,256}", "\(token)")
        }
        for token in ["", "short", String(repeating: "a", count: 257), "-"] {
            #expect(ClientToken.violation(of: token)?.message.contains("Member must have length") == true)
        }
    }
}
