import HTTPWire
import Runtime
import Time

// Rules.  Every field that the journal keeps of a call stands here once. Its kind says how it lies in a record, in a
//         column and in JSON. The order of the list is that of the members in JSON; a record has it too, but with all
//         short fields before all long ones. A new field is a case, a line in `line`, a line in `append`, and a
//         migration for its column.
// Theory. A record is a run of entries, each with its field's tag in front, so a record says nothing of what it lacks,
//         and what happens to a call later is written behind what is there. Short fields come first, because who asks
//         which calls match need not look at bodies.

/// What the journal keeps of a call, in the order in which it is told.
package enum CallField: UInt8, CaseIterable, Sendable {
    case number, space, agent, operation, qualifier, session, sessionCall, user, principal, grant, client
    case authScheme, authVerdict, authWhy, canonicalRequest, stringToSign
    case arrived, clock, method, target, httpMinor, requestHeaders, requestBody, requestBodyBytes, invocation
    case attempt, tokenID, tokenIssued, tokenExpires, trace, segments
    case rule, recording, unmatched, faults
    case upstreamURL, upstreamStatus, upstreamConnected, upstreamFirstByte, upstreamEnded, upstreamError
    case messages, status, replyHeaders, replyBody, replyBodyBytes
    case firstByte, ended, endedClock, bytes, frameRun, lateness, frames, outcome, inFlight, why

    /// What one can ask for, each by the name of its member, in the order in which they are told to people.
    package static let askable: [CallField] = [
        .agent, .session, .user, .operation, .rule, .space, .trace, .status, .outcome,
    ]

    package enum Kind: Sendable {
        case integer
        /// Nanoseconds since 1970, told as RFC 3339.
        case moment
        /// Nanoseconds after the call arrived, told as milliseconds.
        case elapsed
        case text
        /// A text of many lines.
        case passage
        case verdict
        case outcome
        /// `Name: value` and CRLF for each field, told as an object.
        case headers
        /// Told as a string if it is UTF-8, otherwise in base64.
        case body
        /// A JSON array of objects.
        case objects
        /// The same, and long.
        case documents
        case frames
        /// What was said in a conversation.
        case messages
        /// Only in a record: what others are worked out from.
        case material
        /// Worked out from other fields: in no record and in no column.
        case derived
    }

    package struct Definition: Sendable {
        package var kind: Kind
        package var column: String?
        /// `a.b` is the member b of the member a.
        package var member: String?

        fileprivate init(_ kind: Kind, column: String? = nil, member: String? = nil) {
            (self.kind, self.column, self.member) = (kind, column, member)
        }
    }

    package var definition: Definition { Self.definitions[Int(rawValue)] }

    private static let definitions = allCases.map(\.line)

    private var line: Definition {
        switch self {
        case .number: .init(.integer, member: "number")
        case .space: .init(.text, column: "space", member: "space")
        case .agent: .init(.text, column: "agent", member: "agent")
        case .operation: .init(.text, column: "operation", member: "operation")
        case .qualifier: .init(.text, column: "qualifier", member: "qualifier")
        case .session: .init(.text, column: "session", member: "session")
        case .sessionCall: .init(.integer, column: "session_call", member: "sessionCall")
        case .user: .init(.text, column: "user", member: "user")
        case .principal: .init(.text, column: "principal", member: "principal")
        case .grant: .init(.text, column: "issuer_grant", member: "grant")
        case .client: .init(.text, column: "issuer_client", member: "client")
        case .authScheme: .init(.text, column: "auth_scheme", member: "auth.scheme")
        case .authVerdict: .init(.verdict, column: "auth_verdict", member: "auth.verdict")
        case .authWhy: .init(.text, column: "auth_why", member: "auth.why")
        case .canonicalRequest: .init(.passage, column: "canonical_request", member: "auth.canonicalRequest")
        case .stringToSign: .init(.passage, column: "string_to_sign", member: "auth.stringToSign")
        case .arrived: .init(.moment, column: "arrived", member: "arrived")
        case .clock: .init(.moment, column: "clock", member: "clock")
        case .method: .init(.text, column: "method", member: "request.method")
        case .target: .init(.text, column: "target", member: "request.path")
        case .httpMinor: .init(.integer, column: "http_minor")
        case .requestHeaders: .init(.headers, column: "request_headers", member: "request.headers")
        case .requestBody: .init(.body, column: "request_body", member: "request.body")
        case .requestBodyBytes: .init(.integer, column: "request_body_bytes", member: "request.bodyBytes")
        case .invocation: .init(.derived, member: "invocation")
        // Told within `invocation`, and to whoever does not look at headers.
        case .attempt: .init(.integer)
        case .tokenID: .init(.text, column: "token_id", member: "token.id")
        case .tokenIssued: .init(.moment, column: "token_issued", member: "token.issuedAt")
        case .tokenExpires: .init(.moment, column: "token_expires", member: "token.expires")
        case .trace: .init(.text, column: "trace", member: "trace")
        case .segments: .init(.documents, column: "segments", member: "segments")
        case .rule: .init(.text, column: "rule", member: "rule")
        case .recording: .init(.text, column: "recording", member: "recording")
        case .unmatched: .init(.integer, column: "unmatched", member: "unmatched")
        case .faults: .init(.objects, column: "faults", member: "faults")
        case .upstreamURL: .init(.text, column: "upstream_url", member: "upstream.url")
        case .upstreamStatus: .init(.integer, column: "upstream_status", member: "upstream.status")
        case .upstreamConnected: .init(.elapsed, column: "upstream_connected", member: "upstream.connected")
        case .upstreamFirstByte: .init(.elapsed, column: "upstream_first_byte", member: "upstream.firstByte")
        case .upstreamEnded: .init(.elapsed, column: "upstream_ended", member: "upstream.ended")
        case .upstreamError: .init(.text, column: "upstream_error", member: "upstream.error")
        case .messages: .init(.messages, column: "messages", member: "messages")
        case .status: .init(.integer, column: "status", member: "status")
        case .replyHeaders: .init(.headers, column: "reply_headers", member: "reply.headers")
        case .replyBody: .init(.body, column: "reply_body", member: "reply.body")
        case .replyBodyBytes: .init(.integer, column: "reply_body_bytes", member: "reply.bodyBytes")
        case .firstByte: .init(.elapsed, column: "first_byte", member: "firstByte")
        case .ended: .init(.elapsed, column: "ended", member: "ended")
        case .endedClock: .init(.moment, column: "ended_clock", member: "endedClock")
        case .bytes: .init(.integer, column: "bytes", member: "bytes")
        case .frameRun, .lateness: .init(.material)
        case .frames: .init(.frames, column: "frames", member: "frames")
        case .outcome: .init(.outcome, column: "outcome", member: "outcome")
        case .inFlight: .init(.integer, column: "in_flight", member: "inFlight")
        case .why: .init(.text, column: "why", member: "why")
        }
    }

    /// Puts into the record what the call says of this field, without its secrets.
    func append(_ call: borrowing Call, _ masking: borrowing Masking, to record: inout OutputSpan<UInt8>) {
        switch self {
        case .number: record.append(self, call.number)
        case .space: record.append(self, call.space)
        case .agent: record.append(self, call.agent)
        case .operation: record.append(self, call.operation)
        case .qualifier: record.append(self, call.qualifier.map(Masking.masked(id:)))
        case .session: record.append(self, call.session.map(Masking.masked(id:)))
        case .sessionCall: record.append(self, call.sessionCall)
        case .user: record.append(self, call.user.map(Masking.masked(id:)))
        case .principal: record.append(self, call.principal)
        case .grant: record.append(self, call.issuance?.grant)
        case .client: record.append(self, call.issuance?.client)
        case .authScheme: record.append(self, call.auth?.scheme)
        case .authVerdict: record.append(self, call.auth?.verdict.rawValue)
        case .authWhy: record.append(self, masking.authWhy)
        case .canonicalRequest: record.append(self, masking.canonicalRequest)
        case .stringToSign: record.append(self, call.auth?.stringToSign)
        case .arrived: record.append(self, Int(call.arrived.nanoseconds))
        case .clock: record.append(self, Int(call.clock.nanoseconds))
        case .method: record.append(self, call.request.head.span.extracting(call.request.method))
        case .target: record.append(targetOf: call.request, masking)
        case .httpMinor: record.append(self, Int(call.request.minorVersion))
        case .requestHeaders: record.append(fieldsOf: call.request, masking)
        case .requestBody: record.append(self, masking.requestBody.span)
        case .requestBodyBytes: record.append(self, call.request.body.count + (call.request.aside?.count ?? 0))
        case .attempt: record.append(self, SDKRetry.attempt(in: call.request.value(of: .amzAttempt)))
        case .tokenID: record.append(self, call.token?.id)
        case .tokenIssued: record.append(self, call.token?.issuedAt.map { Int($0.nanoseconds) })
        case .tokenExpires: record.append(self, call.token?.expires.map { Int($0.nanoseconds) })
        case .trace: record.append(self, call.trace)
        case .rule: record.append(self, call.rule)
        case .recording: record.append(self, call.recording)
        case .unmatched: record.append(self, call.isUnmatched ? 1 : nil)
        case .faults: record.append(self, faults: call.faults)
        case .upstreamURL: record.append(self, call.upstream?.url)
        case .upstreamStatus: record.append(self, call.upstream?.status)
        case .upstreamConnected: record.append(self, call.upstream?.connected.map { Int($0) })
        case .upstreamFirstByte: record.append(self, call.upstream?.firstByte.map { Int($0) })
        case .upstreamEnded: record.append(self, call.upstream?.ended.map { Int($0) })
        case .upstreamError: record.append(self, call.upstream?.error)
        case .status: record.append(self, call.reply?.status)
        case .replyHeaders: record.append(fieldsOf: call.reply, masking)
        case .replyBody: if masking.hasReplyBody { record.append(self, masking.replyBody.span) }
        case .replyBodyBytes: record.append(self, masking.hasReplyBody ? call.reply?.bodyBytes : nil)
        case .frameRun: record.append(masking.frames)
        case .inFlight: record.append(self, call.inFlight)
        case .why: record.append(self, masking.why)
        // What is known when the call has ended, what a journal file tells in its place, and what is worked out.
        case .firstByte, .ended, .endedClock, .bytes, .lateness, .outcome, .frames, .messages, .invocation, .segments:
            break
        }
    }
}

/// One request and how it is answered: what a call's way through the line fills, with its secrets still in it. It is
/// only ever lent: copying its two dozen parts costs more than answering it.
package struct Call: Sendable {
    package struct Auth: Equatable, Sendable {
        package enum Verdict: String, Sendable, CaseIterable {
            case allowed
            case refused
            case unchecked
        }

        package var scheme: String
        package var verdict: Verdict
        package var why: String?
        /// For a signature that does not match: what the server computed.
        package var canonicalRequest: String?
        package var stringToSign: String?

        package init(scheme: String, verdict: Verdict, why: String? = nil) {
            self.scheme = scheme
            self.verdict = verdict
            self.why = why
        }
    }

    /// The token that the caller showed, known by what is no secret.
    package struct Token: Equatable, Sendable {
        /// Its `jti`, or the beginning of its hash.
        package var id: String
        package var issuedAt: Instant?
        package var expires: Instant?

        package init(id: String, issuedAt: Instant? = nil, expires: Instant? = nil) {
            (self.id, self.issuedAt, self.expires) = (id, issuedAt, expires)
        }
    }

    /// What the server's own issuer was asked for, and by which client.
    package struct Issuance: Equatable, Sendable {
        package var grant: String?
        package var client: String?

        package init(grant: String? = nil, client: String? = nil) { (self.grant, self.client) = (grant, client) }
    }

    /// A fault that was to strike.
    package struct Fault: Equatable, Sendable {
        package var name: String
        /// Its word.
        package var fault: String
        package var isApplied: Bool
        /// Why it was not.
        package var why: String?

        package init(name: String, fault: String, isApplied: Bool = true, why: String? = nil) {
            (self.name, self.fault, self.isApplied, self.why) = (name, fault, isApplied, why)
        }
    }

    package var number: Int
    package var space: String
    package var arrived: Instant
    /// What the clock of its space said then.
    package var clock: Instant
    package var request: Request
    /// Calls being answered when this one arrived, itself included.
    package var inFlight: Int
    package var agent: String?
    package var operation: String?
    package var qualifier: String?
    package var session: String?
    /// Which call of its session it is, from 1: the first begins the session, or begins it again.
    package var sessionCall: Int?
    package var user: String?
    package var principal: String?
    package var auth: Auth?
    package var issuance: Issuance?
    package var token: Token?
    /// What the caller calls the whole that this call is a part of.
    package var trace: String?
    package var rule: String?
    /// The recording that answered.
    package var recording: String?
    /// It was let in, and nothing in the library answers it.
    package var isUnmatched = false
    package var faults: [Fault] = []
    /// Of a call that is passed on.
    package var upstream: UpstreamRecord?
    /// Of a call that was refused, what was wrong with it.
    package var why: String?
    /// What the reply was to be: status, fields, and the body or the frames.
    package var reply: ReplyRecord?
    /// Request and answer hold passwords or tokens by name: both bodies are searched for them.
    package var hasSecretBodies = false
    /// Where its request holds secrets, once the journal has looked.
    package var secretParts: SecretParts?

    /// No call at all.
    package static let none = Call(
        number: 0, space: "", arrived: Instant(nanoseconds: 0), request: .none, inFlight: 0)

    package init(number: Int, space: String, arrived: Instant, request: consuming Request, inFlight: Int) {
        self.number = number
        self.space = space
        (self.arrived, clock) = (arrived, arrived)
        self.request = request
        self.inFlight = inFlight
    }
}
