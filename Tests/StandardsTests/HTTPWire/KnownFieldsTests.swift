import Bytes
import HTTPWire
import Support
import Testing

@Suite("Known fields") struct KnownFieldsTests {
    private static func list(_ names: [StaticString]) -> [KnownField] {
        names.enumerated().map { KnownField($0.offset, $0.element) }
    }

    private let fields = Self.list([
        "host", "x", "x-amz-date", "authorization", "x-amzn-bedrock-agentcore-runtime-session-id", "absent",
    ])

    private let head = """
        GET / HTTP/1.1\r\nHost: a\r\nX-AMZ-Date: then\r\nx-amz-dat: no\r\nAuthorization: one\r\nauthorization: two\r\n\
        X-Amzn-Bedrock-AgentCore-Runtime-Session-Id: s\r\nyuthorization: no\r\nX: y\r\n\r\n
        """

    @Test("a known field is found at its first place, as a search by its name finds it")
    func lookup() throws {
        for known in [KnownFields(fields), .none] {
            let request = try #require(Request(reading: Array(head.utf8), known: known))
            #expect(fields.map { request.text(of: $0) } == ["a", "y", "then", "one", "s", nil])
            #expect(fields.map { request.place(of: $0) } == fields.map { request.place(of: $0.name) })
            #expect(try #require(Request(reading: Array(head.utf8))) == request)
        }
    }

    @Test("who changes the fields of a request finds them where they are then")
    func changed() throws {
        var request = try #require(Request(reading: Array(head.utf8), known: KnownFields(fields)))
        request.fields.removeFirst(3)
        #expect(fields.map { request.text(of: $0) } == [nil, "y", nil, "one", "s", nil])
    }

    @Test("more fields than a byte counts are still found")
    func many() throws {
        var limits = Limits()
        limits.fieldCount = 1_000
        let lines = (0..<300).map { "f\($0): \($0)\r\n" }.joined()
        let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\n\(lines)X: y\r\n\r\n".utf8)
        var (parser, held) = (RequestParser(), [UInt8]())
        let rules = RequestParser.Rules(limits: limits, known: KnownFields(fields))
        guard case .request(let request) = parser.read(bytes.span, from: 0, held: &held, rules).event else {
            return #expect(Bool(false))
        }
        #expect(request.text(of: fields[1]) == "y" && request.text(of: fields[0]) == "a")
        #expect(request.value(of: fields[2]) == nil)
    }

    @Test("names that are much alike are told apart, and 32 of them fit")
    func alike() throws {
        let names: [StaticString] = [
            "a", "b", "aa", "ab", "ba", "date", "host", "te", "expect", "cookie", "accept", "origin", "x-forwarded-for",
            "x-amz-date", "x-amz-date2", "x-amz-target", "traceparent", "tracestate", "baggage", "user-agent",
            "content-type", "content-length", "content-encoding", "accept-encoding", "accept-language", "authorization",
            "access-control-request-method", "access-control-request-headers", "amz-sdk-request", "if-match",
            "if-none-match", "x-request-id",
        ]
        let list = Self.list(names)
        let lines = names.map { "\($0): \($0)\r\n" }.joined()
        let bytes = Array(
            "GET / HTTP/1.0\r\n\(lines.replacing("content-length: content-length", with: "content-length: 0"))\r\n".utf8
        )
        let text = String(lossy: bytes).replacing("expect: expect", with: "expect: 100-continue")
        let request = try #require(Request(reading: Array(text.utf8), known: KnownFields(list)))
        for field in list { #expect(request.place(of: field) == request.place(of: field.name), "\(field.name)") }
        #expect(list.allSatisfy { request.place(of: $0) != nil })
    }
}
