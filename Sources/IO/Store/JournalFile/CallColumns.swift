import Bytes
import Delivery
import HTTPWire
import JSON
import Journal

/// A call as the columns of a row. Header sections and bodies go over as bytes, without a `String` in between.
struct CallColumns {
    static let arrival = [
        "id", "space", "arrived", "in_flight", "method", "target", "http_minor", "request_headers", "request_body",
        "request_body_bytes", "agent", "operation", "qualifier", "session", "user", "principal", "auth_scheme",
        "auth_verdict", "auth_why", "canonical_request", "string_to_sign", "rule", "faults", "status", "reply_headers",
        "reply_body", "reply_body_bytes",
    ]
    static let ending = ["outcome", "first_byte", "ended", "bytes", "frames"]

    static let insert = """
        INSERT INTO calls (\((arrival + ending).joined(separator: ", ")))
        VALUES (\((arrival + ending).map { _ in "?" }.joined(separator: ", ")))
        """
    /// For a call whose row is there already; the body of a stream is known only at its end.
    static let update = """
        UPDATE calls SET \(ending.map { "\($0) = ?" }.joined(separator: ", ")), reply_body = coalesce(?, reply_body),
          reply_body_bytes = coalesce(?, reply_body_bytes)
        WHERE id = ?
        """

    private static let firstOfEnding = Int32(arrival.count) + 1

    /// Reused from row to row.
    private var scratch: [UInt8] = []

    mutating func bind(_ call: Call, id: Int64, to row: Statement) throws(DatabaseError) {
        try row.bind(1, id)
        try row.bind(2, text: call.space)
        try row.bind(3, call.arrived.nanoseconds)
        try row.bind(4, Int64(call.inFlight))
        try bind(call.request, to: row)
        try row.bind(10, Int64(call.requestBodyBytes))
        try row.bind(11, text: call.agent)
        try row.bind(12, text: call.operation)
        try row.bind(13, text: call.qualifier)
        try row.bind(14, text: call.session)
        try row.bind(15, text: call.user)
        try row.bind(16, text: call.principal)
        try bind(call.auth, to: row)
        try row.bind(22, text: call.rule)
        try bind(faults: call.faults, to: row)
        try bindReply(of: call, to: row)
        try bind(call.ending, of: call.reply?.frames, at: Self.firstOfEnding, to: row)
    }

    /// The ending of a call whose row is there already.
    mutating func bind(_ ending: Report, of frames: FrameRun?, id: Int64, toUpdate row: Statement) throws(DatabaseError)
    {
        try bind(ending, of: frames, at: 1, to: row)
        let body = frames?.body(ending.frames)
        let next = Int32(Self.ending.count) + 1
        if let body { try row.bind(next, blob: body.kept[...]) } else { try row.bindNull(next) }
        try row.bind(next + 1, Datum(body?.bytes))
        try row.bind(next + 2, id)
    }

    private mutating func bind(_ request: Request, to row: Statement) throws(DatabaseError) {
        try row.bind(5, text: request.head[request.method])
        try row.bind(6, text: request.head[request.target])
        try row.bind(7, Int64(request.minorVersion))
        scratch.removeAll(keepingCapacity: true)
        request.appendFields(to: &scratch)
        try row.bind(8, text: scratch[...])
        try row.bind(9, blob: request.body[...])
    }

    private func bind(_ auth: Call.Auth?, to row: Statement) throws(DatabaseError) {
        try row.bind(17, text: auth?.scheme)
        try row.bind(18, text: auth?.verdict.rawValue)
        try row.bind(19, text: auth?.why)
        try row.bind(20, text: auth?.canonicalRequest)
        try row.bind(21, text: auth?.stringToSign)
    }

    private func bind(faults: [String], to row: Statement) throws(DatabaseError) {
        guard !faults.isEmpty else { return try row.bindNull(23) }
        try row.bind(23, Datum(faults))
    }

    private func bindReply(of call: Call, to row: Statement) throws(DatabaseError) {
        guard let reply = call.reply else {
            for index: Int32 in 24...27 { try row.bindNull(index) }
            return
        }
        let body = call.replyBody()
        try row.bind(24, Int64(reply.status))
        try row.bind(25, text: reply.fields.bytes[...])
        try row.bind(26, blob: body.kept[...])
        try row.bind(27, Int64(body.bytes))
    }

    private mutating func bind(
        _ ending: Report?, of frames: FrameRun?, at first: Int32, to row: Statement
    ) throws(DatabaseError) {
        guard let ending else {
            for index in first..<(first + Int32(Self.ending.count)) { try row.bindNull(index) }
            return
        }
        try row.bind(first, text: ending.outcome.rawValue)
        try row.bind(first + 1, Datum(ending.firstByte.map { Int($0) }))
        try row.bind(first + 2, ending.ended)
        try row.bind(first + 3, Int64(ending.bytes))
        guard let frames else { return try row.bindNull(first + 4) }
        scratch.removeAll(keepingCapacity: true)
        FrameText.append(frames.records(ending.frames), to: &scratch)
        try row.bind(first + 4, text: scratch[...])
    }
}
