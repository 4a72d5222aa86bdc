import HTTPWire
import Runtime
import Support
import Testing

@Suite("Request fields") struct RequestFieldsTests {
    @Test("each known field is found by its own name")
    func own() throws {
        let fields: [KnownField] = [
            .host, .authorization, .contentType, .accept, .acceptEncoding, .userAgent, .origin, .date, .amzDate,
            .amzSecurityToken, .amzContentHash, .amzTarget, .amzInvocation, .amzAttempt, .session, .user, .mcpSession,
            .amznTrace, .traceParent, .traceState, .baggage, .space, .fault, .requestedMethod, .requestedHeaders,
            .mcpVersion, .mcpMethod, .mcpName,
        ]
        let lines = fields.map { "\($0.name): \($0.number)\r\n" }.joined()
        let text = "GET / HTTP/1.1\r\n\(lines)Connection: close\r\nContent-Length: 0\r\n\r\n"
        let request = try #require(Request(reading: Array(text.utf8), known: .understudy))
        for field in fields { #expect(request.text(of: field) == "\(field.number)", "\(field.name)") }
        #expect(request.text(of: .connection) == "close" && request.text(of: .contentLength) == "0")
    }
}
