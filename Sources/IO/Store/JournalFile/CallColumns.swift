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

    mutating func bind(
        _ call: WaitingCall, of content: UnsafeRawBufferPointer, id: Int64, to row: Statement
    ) throws(DatabaseError) {
        try row.bind(1, id)
        try ColumnContent.bind(call.content, of: content, from: 2, to: row)
        try bind(call.ending, of: call.frames, at: Self.firstOfEnding, to: row)
        // What a stream sent is known at its end.
        guard let ending = call.ending, let body = call.frames?.body(ending.frames) else { return }
        try row.bind(26, blob: body.kept[...])
        try row.bind(27, Int64(body.bytes))
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
