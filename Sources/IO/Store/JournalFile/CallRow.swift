import Bytes
import Delivery
import Journal
import JSON
import Time

/// A call's record as a row of the table `calls`, and such a row as a record again. Which columns there are says the list
/// of fields.
enum CallRow {
    static let fields = CallField.allCases.filter { $0.definition.column != nil }

    private static let columns = fields.compactMap(\.definition.column)
    /// The number of the parameter for each field; the first is the row's id, and 0 is none.
    private static let parameters = CallField.allCases.map { field in
        Int32(fields.firstIndex(of: field).map { $0 + 2 } ?? 0)
    }

    // MARK: Writing

    static let insert = """
        INSERT INTO calls (id, \(columns.joined(separator: ", ")))
        VALUES (?1, \(columns.indices.map { "?\($0 + 2)" }.joined(separator: ", ")))
        """

    /// For a call whose row is there already: what a later event does not say stays.
    static let update = """
        UPDATE calls SET \(columns.enumerated().map { "\($1) = coalesce(?\($0 + 2), \($1))" }.joined(separator: ", "))
        WHERE id = ?1
        """

    /// Binds what the record says, and for a stream what follows from its run. The bytes stay where they are: the record
    /// has to be held until the statement has run and let go of them.
    static func bind(
        _ record: borrowing CallRecord, of run: FrameRun?, id: Int64, to row: Statement
    ) throws(DatabaseError) {
        try row.bind(1, id)
        try record.bytes.span.withUnsafeBytes { (bytes) throws(DatabaseError) in
            try record.forEach { (field, number, content) throws(DatabaseError) in
                let parameter = parameters[Int(field.rawValue)]
                guard parameter > 0 else { return }
                let kind = field.definition.kind
                if kind.isNumber { return try row.bind(parameter, number) }
                if kind == .frames { return try bind(FrameRecord.list(record.bytes[content]), to: row) }
                if kind == .messages {
                    return try row.bind(parameter, text: record.messageLog.json(.nanoseconds)[...])
                }
                let bytes = UnsafeRawBufferPointer(rebasing: bytes[content])
                try kind == .body ? row.bind(parameter, unownedBlob: bytes) : row.bind(parameter, unownedText: bytes)
            }
        }
        if let run { try bind(run, record.has(.outcome) ? record.frameLog : nil, to: row) }
    }

    /// What a stream sent is known at its end.
    private static func bind(_ run: FrameRun, _ log: FrameLog?, to row: Statement) throws(DatabaseError) {
        let body = log.map(run.body) ?? (kept: [], bytes: 0)
        try row.bind(parameters[Int(CallField.replyBody.rawValue)], blob: body.kept[...])
        try row.bind(parameters[Int(CallField.replyBodyBytes.rawValue)], Int64(body.bytes))
        if let log { try bind(run.records(log), to: row) }
    }

    private static func bind(_ frames: [FrameRecord], to row: Statement) throws(DatabaseError) {
        try row.bind(parameters[Int(CallField.frames.rawValue)], text: FrameText.text(frames)[...])
    }

    // MARK: Reading

    /// The row's id, its run, and the fields in the order of a record.
    static let selected =
        (["id", "run"] + RecordBuilder.fields.map { $0.definition.column ?? "number" }).joined(separator: ", ")

    static func record(of row: Row) -> CallRecord {
        var builder = RecordBuilder()
        add(RecordBuilder.fields[...], of: row, to: &builder)
        return builder.record
    }

    /// Nil for a call that does not match, of which nothing long is read.
    static func record(of row: Row, matching query: Query, isWhole: Bool) -> CallRecord? {
        var builder = RecordBuilder()
        let short = RecordBuilder.shortFields
        add(short, of: row, to: &builder)
        guard query.matches(builder.record) else { return nil }
        if isWhole { add(RecordBuilder.fields[short.endIndex...], of: row, to: &builder) }
        return builder.record
    }

    private static func add(_ fields: ArraySlice<CallField>, of row: Row, to builder: inout RecordBuilder) {
        for (index, field) in zip(fields.indices, fields) {
            let column = Int32(index + 2)
            switch field.definition.kind {
            case .integer, .moment, .elapsed: if let number = row.integer(column) { builder.add(field, number) }
            case .text, .passage: add(row.text(column), as: field, to: &builder)
            case .verdict: add(row.choice(column, Call.Auth.Verdict.self)?.rawValue, as: field, to: &builder)
            case .outcome: add(row.choice(column, Report.Outcome.self)?.rawValue, as: field, to: &builder)
            case .headers: if let lines = row.blob(column) { builder.add(field, FieldLines.wellFormed(lines)) }
            case .body: if let body = row.blob(column) { builder.add(field, body) }
            case .objects, .documents: if let list = objects(row, column) { builder.add(field, list) }
            case .frames: if let frames = frames(row, column) { builder.add(frames: frames) }
            case .messages: if let log = messages(row, column) { builder.add(field, log.bytes) }
            case .material, .derived: break
            }
        }
    }

    private static func add(_ text: String?, as field: CallField, to builder: inout RecordBuilder) {
        if let text { builder.add(field, Array(text.utf8)) }
    }

    static func objects(_ row: Row, _ column: Int32) -> [UInt8]? {
        guard let value = row.json(column) else { return nil }
        guard let list = value.array, list.allSatisfy({ $0.members != nil }) else {
            return row.wrong(column, "is not a JSON array of objects")
        }
        return value.compact
    }

    static func frames(_ row: Row, _ column: Int32) -> [FrameRecord]? {
        guard let text = row.blob(column) else { return nil }
        return FrameText.frames(text) ?? row.wrong(column, "is not a JSON array of frames")
    }
}

extension CallRow {
    fileprivate static func messages(_ row: Row, _ column: Int32) -> MessageLog? {
        guard let text = row.blob(column) else { return nil }
        return MessageLog(json: text) ?? row.wrong(column, "is not a JSON array of messages")
    }
}

/// The frames of a stream as JSON: `[{"due":400000000,"sent":400038000,"bytes":27},…]`.
enum FrameText {
    static func text(_ frames: [FrameRecord]) -> [UInt8] {
        var text: [UInt8] = [UInt8(ascii: "[")]
        for (index, frame) in frames.enumerated() {
            text.append(index == 0 ? #"{"due":"# : #",{"due":"#)
            text.append(decimal: Int(frame.due))
            text.append(#","sent":"#)
            text.append(decimal: Int(frame.sent))
            text.append(#","bytes":"#)
            text.append(decimal: frame.bytes)
            text.append(UInt8(ascii: "}"))
        }
        text.append(UInt8(ascii: "]"))
        return text
    }

    /// Nil for what is no list of frames.
    static func frames(_ text: [UInt8]) -> [FrameRecord]? {
        guard case .array(let elements)? = try? Value.parse(text) else { return nil }
        var frames: [FrameRecord] = []
        for element in elements {
            guard case .object(let members) = element, members.map(\.name) == ["due", "sent", "bytes"] else {
                return nil
            }
            let numbers = members.compactMap {
                if case .number(let literal) = $0.value { Int(literal) } else { nil as Int? }
            }
            guard numbers.count == 3 else { return nil }
            frames.append(FrameRecord(due: Int64(numbers[0]), sent: Int64(numbers[1]), bytes: numbers[2]))
        }
        return frames
    }
}

/// Header lines that somebody may have edited.
enum FieldLines {
    /// Each line as `Name: value` and CRLF, with a space for every control character; lines without a colon are let go.
    static func wellFormed(_ lines: [UInt8]) -> [UInt8] {
        // As the server wrote them, of which a journal has millions.
        if isWellFormed(lines.span) { return lines }
        var fields: [UInt8] = []
        fields.reserveCapacity(lines.count)
        for line in lines.split(separator: UInt8(ascii: "\n")) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            var value = line[(colon + 1)...]
            if value.first == UInt8(ascii: " ") { value.removeFirst() }
            if value.last == UInt8(ascii: "\r") { value.removeLast() }
            append(line[..<colon], to: &fields)
            fields.append(": ")
            append(value, to: &fields)
            fields.append("\r\n")
        }
        return fields
    }

    static func isWellFormed(_ lines: Span<UInt8>) -> Bool {
        guard ByteSearch.first(0x7F, in: lines, 0..<lines.count) == lines.count else { return false }
        var start = 0
        while start < lines.count {
            let end = ByteSearch.firstBelow(0x20, in: lines, start..<lines.count)
            guard end + 1 < lines.count, lines[end] == UInt8(ascii: "\r"), lines[end + 1] == UInt8(ascii: "\n") else {
                return false
            }
            let colon = ByteSearch.first(UInt8(ascii: ":"), in: lines, start..<end)
            guard colon + 1 < end, lines[colon + 1] == UInt8(ascii: " ") else { return false }
            start = end + 2
        }
        return true
    }

    private static func append(_ bytes: ArraySlice<UInt8>, to fields: inout [UInt8]) {
        for byte in bytes { fields.append(byte < 0x20 && byte != 0x09 || byte == 0x7F ? 0x20 : byte) }
    }
}
