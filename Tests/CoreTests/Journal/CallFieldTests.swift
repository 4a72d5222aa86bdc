import HTTPWire
import JSON
import Support
import Testing
import Time

@testable import Journal

@Suite("Fields of a call") struct CallFieldTests {
    @Test("the columns, in their order")
    func columns() {
        #expect(
            CallField.allCases.compactMap(\.definition.column) == [
                "space", "agent", "operation", "qualifier", "session", "session_call", "user", "principal",
                "issuer_grant", "issuer_client", "auth_scheme", "auth_verdict", "auth_why", "canonical_request",
                "string_to_sign", "arrived", "clock", "method", "target", "http_minor", "request_headers",
                "request_body", "request_body_bytes", "token_id", "token_issued", "token_expires", "trace", "segments",
                "rule",
                "recording", "unmatched", "faults", "upstream_url", "upstream_status", "upstream_connected",
                "upstream_first_byte", "upstream_ended", "upstream_error", "messages", "status", "reply_headers",
                "reply_body", "reply_body_bytes", "first_byte", "ended", "ended_clock", "bytes", "frames", "outcome",
                "in_flight", "why",
            ])
    }

    @Test("the members of the JSON, in their order")
    func members() {
        #expect(
            CallField.allCases.compactMap(\.definition.member) == [
                "number", "space", "agent", "operation", "qualifier", "session", "sessionCall", "user", "principal",
                "grant", "client", "auth.scheme", "auth.verdict", "auth.why", "auth.canonicalRequest",
                "auth.stringToSign", "arrived", "clock", "request.method", "request.path", "request.headers",
                "request.body", "request.bodyBytes", "invocation", "token.id", "token.issuedAt", "token.expires",
                "trace", "segments", "rule", "recording", "unmatched", "faults", "upstream.url", "upstream.status",
                "upstream.connected", "upstream.firstByte", "upstream.ended", "upstream.error", "messages", "status",
                "reply.headers", "reply.body", "reply.bodyBytes", "firstByte", "ended", "endedClock", "bytes",
                "frames", "outcome", "inFlight", "why",
            ])
        let call = Call(number: 1, space: "s", arrived: Instant(seconds: 0), request: .made(), inFlight: 1)
        let told = CallRecord(call).json.members?.map(\.name)
        var outer: [String] = []
        for member in CallField.allCases.compactMap(\.definition.member) {
            let name = String(member.prefix { $0 != "." })
            if outer.last != name { outer.append(name) }
        }
        // Of a call that has nothing to tell of these, nothing is told.
        #expect(told == outer.filter { !["grant", "client", "segments", "unmatched", "why"].contains($0) })
    }

    @Test("the record of an ordinary call has all short fields that it has anything to tell of")
    func ordinary() {
        var call = Call(
            number: 7, space: "s", arrived: Instant(seconds: 1),
            request: .made(
                "POST", "/a?b=c", [("Host", "h"), ("amz-sdk-request", "attempt=2")], body: Array("{}".utf8)),
            inFlight: 2)
        (call.agent, call.operation, call.qualifier) = ("a", "b", "c")
        (call.session, call.sessionCall, call.user, call.principal) = ("d", 3, "e", "f")
        (call.trace, call.rule, call.why) = ("g", "h", "i")
        call.auth = Call.Auth(scheme: "sigv4", verdict: .allowed, why: "j")
        call.reply = ReplyRecord(status: 200, fields: FieldBlock(), body: [1, 2])
        let event = CallEvent(arrivalOf: call)
        var masking = Masking()
        masking.prepare(for: call)
        var whole: [UInt8] = []
        whole.append(addingCapacity: 4_096) { record in
            for field in CallField.shortFields { field.append(call, masking, to: &record) }
        }
        #expect(Array(event.bytes[..<event.shortCount]) == whole)
    }

    @Test("there is room for every text, however long it is")
    func longTexts() {
        let long = String(repeating: "é", count: 10_000)
        var call = Call(number: 7, space: long, arrived: Instant(seconds: 1), request: .made(), inFlight: 2)
        (call.agent, call.operation, call.qualifier) = (long, long, long)
        (call.session, call.user, call.principal) = (long, long, long)
        (call.trace, call.rule, call.recording, call.why) = (long, long, long, long)
        var auth = Call.Auth(scheme: long, verdict: .refused, why: long)
        (auth.canonicalRequest, auth.stringToSign) = (long, long)
        call.auth = auth
        (call.issuance, call.token) = (.init(grant: long, client: long), .init(id: long))
        call.faults = [.init(name: long, fault: long, why: long)]
        call.upstream = UpstreamRecord(url: long)
        call.upstream?.error = long
        let record = CallRecord(call)
        let texts = CallField.allCases.filter { record.text($0) == long }
        #expect(texts.count == 20, "\(texts)")
    }

    @Test("the parameters of a query")
    func parameters() throws {
        #expect(
            Query.names == [
                "agent", "session", "user", "operation", "rule", "space", "trace", "status", "outcome", "fault",
                "unmatched", "since", "until", "limit",
            ])
        // Each of them is read.
        let texts = [
            "status": "404", "outcome": "reset", "since": "1", "until": "9", "limit": "5", "unmatched": "false",
        ]
        for name in Query.names { #expect(try Query(parameters: [(name, texts[name] ?? "x")]) != Query(), "\(name)") }
    }

    @Test("every field fits its tag, and what is long comes last")
    func layout() {
        #expect(CallField.allCases.count <= 64)
        let kept = CallField.shortFields + CallField.longFields
        #expect(Set(kept).count == kept.count)
        #expect(Set(CallField.allCases).subtracting(kept) == [.invocation])
    }
}
