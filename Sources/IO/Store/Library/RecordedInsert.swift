import Bytes
import HTTPWire
import Recording

/// Adds recorded calls to a library, one behind the other. What a call has in common with the one before it stays bound:
/// of most that is nearly all.
final class RecordedInsert {
    private let database: Database
    private let call: Statement
    private let frame: Statement
    private var agent = BoundText(3)
    private var qualifier = BoundText(4)
    private var operation = BoundText(5)
    private var session = BoundText(6)
    private var requestFields = BoundFields(8)
    private var replyFields = BoundFields(11)
    private var outcome = BoundText(15)

    init(_ database: Database) throws(DatabaseError) {
        self.database = database
        call = try database.statement(
            """
            INSERT INTO recorded_calls (recording, position, agent, qualifier, operation, session, arrived,
              request_headers, request_body, status, reply_headers, reply_body, at, ended, outcome)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        frame = try database.statement(
            """
            INSERT INTO recorded_frames (call, position, at, bytes, size, direction, kind) VALUES (?, ?, ?, ?, ?, ?, ?)
            """)
    }

    /// One call with all of its frames. The caller holds a transaction.
    func insert(
        _ recorded: RecordedCall, recording: Int64?, position: Int64, framesBefore: Int = 0
    ) throws(DatabaseError) {
        try bind(recorded, recording: recording, position: position)
        try bind(recorded.reply)
        try call.runBound()
        guard let frames = recorded.reply.pieces, !frames.isEmpty else { return }
        let row = database.lastInsertedRow
        for (index, frame) in frames.enumerated() {
            try insert(frame, of: row, position: RowPosition.number(framesBefore + index))
        }
    }

    private func bind(_ recorded: RecordedCall, recording: Int64?, position: Int64) throws(DatabaseError) {
        try call.bind(1, recording)
        try call.bind(2, position)
        try agent.bind(recorded.agent, to: call)
        try qualifier.bind(recorded.qualifier, to: call)
        try operation.bind(recorded.operation, to: call)
        try session.bind(recorded.session, to: call)
        try call.bind(7, recorded.arrived?.nanoseconds)
        try requestFields.bind(recorded.requestFields, to: call)
        try call.bind(9, blob: recorded.requestBody[...])
        try outcome.bind(recorded.outcome.rawValue, to: call)
    }

    private func bind(_ reply: RecordedReply) throws(DatabaseError) {
        try call.bind(10, Int64(reply.status))
        try replyFields.bind(reply.fields, to: call)
        if case .whole(let bytes) = reply.body { try call.bind(12, blob: bytes[...]) } else { try call.bindNull(12) }
        try call.bind(13, reply.at)
        try call.bind(14, reply.ended)
    }

    private func insert(_ piece: RecordedFrame, of row: Int64, position: Int64) throws(DatabaseError) {
        try frame.bind(1, row)
        try frame.bind(2, position)
        try frame.bind(3, piece.at)
        try frame.bind(4, blob: piece.bytes[...])
        try frame.bind(5, piece.size.map { Int64($0) })
        try frame.bind(6, text: piece.message?.side.rawValue)
        try frame.bind(7, text: piece.message?.kind.rawValue)
        try frame.runBound()
    }
}

/// A text that stays bound until another comes.
private struct BoundText {
    private let index: Int32
    private var text: String?

    init(_ index: Int32) { self.index = index }

    mutating func bind(_ other: String?, to statement: Statement) throws(DatabaseError) {
        guard text != other else { return }
        try statement.bind(index, text: other)
        text = other
    }
}

/// Header fields, a line each, that stay bound until others come.
private struct BoundFields {
    private let index: Int32
    private var fields: FieldBlock?

    init(_ index: Int32) { self.index = index }

    mutating func bind(_ other: FieldBlock, to statement: Statement) throws(DatabaseError) {
        if let fields, ByteSearch.equal(fields.bytes.span, other.bytes.span) { return }
        let text = other.lineText
        if ASCII.isAll(text.span) {
            try statement.bind(index, text: text[...])
        } else {
            try statement.bind(index, text: String(lossy: text))
        }
        fields = other
    }
}

extension FieldBlock {
    /// A line each.
    var lineText: [UInt8] {
        let lines = bytes.span
        // To append nothing to nothing writes into the one empty array that all threads share.
        guard !lines.isEmpty else { return [] }
        var text: [UInt8] = []
        text.append(addingCapacity: lines.count) { text in
            var start = 0
            while start < lines.count {
                let end = ByteSearch.first(UInt8(ascii: "\r"), in: lines, start..<lines.count)
                if start > 0 { text.append(UInt8(ascii: "\n")) }
                text.append(lines.extracting(start..<end))
                start = end + 2
            }
        }
        return text
    }
}
