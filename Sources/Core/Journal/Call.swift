import Bytes
import Delivery
import HTTPWire
import Time

/// One request and what became of it. The arrival half is complete before the first byte of the answer leaves; the
/// ending joins it when the call has ended. Secrets are gone from `request` before a `Call` exists.
package struct Call: Equatable, Sendable {
    package struct Auth: Equatable, Sendable {
        package enum Verdict: String, Sendable, CaseIterable {
            case allowed
            case refused
            case unchecked
        }

        package var scheme: String
        package var verdict: Verdict
        package var why: String?
        /// For a signature that does not match: what the server computed. The secrets among the signed header fields
        /// are masked as soon as they are set.
        package var canonicalRequest: String? {
            didSet { canonicalRequest = canonicalRequest.map(Redaction.redact(canonicalRequest:)) }
        }
        package var stringToSign: String?

        package init(scheme: String, verdict: Verdict, why: String? = nil) {
            self.scheme = scheme
            self.verdict = verdict
            self.why = why
        }
    }

    package var number: Int
    package var space: String
    package var arrived: Instant
    /// Its body is cut at `KeptBody.limit` before the journal gets it.
    package var request: Request
    /// How long the request's body was.
    package var requestBodyBytes: Int
    /// Calls being answered when this one arrived, itself included.
    package var inFlight: Int
    package var agent: String?
    package var operation: String?
    package var qualifier: String?
    package var session: String?
    package var user: String?
    package var principal: String?
    package var auth: Auth?
    package var rule: String?
    package var faults: [String] = []
    /// What the reply was to be: status, fields, and the body or the frames.
    package var reply: ReplyRecord?
    package var ending: Report?
    /// The frames as a journal file kept them, for a call that was read back; a live call derives them.
    package var restoredFrames: [FrameRecord]?

    /// No call at all.
    package static let none = Call(
        number: 0, space: "", arrived: Instant(nanoseconds: 0), request: .none, inFlight: 0)

    package init(number: Int, space: String, arrived: Instant, request: consuming Request, inFlight: Int) {
        self.number = number
        self.space = space
        self.arrived = arrived
        requestBodyBytes = request.body.count
        self.request = request
        self.inFlight = inFlight
    }

}

/// One frame of a streamed answer: when it was due, when it left, in nanoseconds after the call arrived.
package struct FrameRecord: Equatable, Sendable {
    package var due: Int64
    package var sent: Int64
    package var bytes: Int

    package init(due: Int64, sent: Int64, bytes: Int) {
        self.due = due
        self.sent = sent
        self.bytes = bytes
    }
}

package struct ReplyRecord: Equatable, Sendable {
    package var status: Int
    package var fields: FieldBlock
    /// Cut at `KeptBody.limit`; empty for a streamed reply of a live call, whose body follows from its frames.
    package var body: [UInt8]
    /// How long the body was.
    package var bodyBytes: Int
    package var frames: FrameRun?

    package init(status: Int, fields: FieldBlock, body: [UInt8] = [], frames: FrameRun? = nil) {
        self.status = status
        self.fields = fields
        self.body = KeptBody.cut(body)
        bodyBytes = body.count
        self.frames = frames
    }
}
