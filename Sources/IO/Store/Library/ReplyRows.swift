import Fields
import JSON
import Rules

// Theory. What a reply kind says lies in columns of its own, and what it has many of in rows of `frames`. Kinds name their
//         columns; here nobody knows which kinds there are.

extension Database {
    private static let frameColumns = ReplyKinds.all.flatMap { $0.frameColumns }

    /// The replies by their rule; nil for one that says nothing that can be understood, which is noted.
    func readReplies(_ mistakes: RowMistakes) throws(DatabaseError) -> ByOwner<Reply?> {
        var frames = try readFrames(mistakes)
        var replies = ByOwner<Reply?>(capacity: try count(of: "replies"))
        let kinds = try kindsOfReplies()
        let names = kinds.flatMap { $0.columns.map(\.name) }
        let columns = (["rule", "kind", "status", "headers", "content_type", "delay"] + names).joined(separator: ", ")
        try eachRow(of: "replies", "SELECT \(columns) FROM replies ORDER BY rule", mistakes) { row in
            let rows = frames.isEmpty ? [] : frames.removeValue(forKey: row.id) ?? []
            guard let kind = row.replyKind(kinds, rows) else { return replies.append(row.id, nil) }
            replies.append(
                row.id,
                Reply(
                    any: kind, status: row.integer(2), headers: row.headerLines(3), contentType: row.text(4),
                    delay: row.duration(5)))
        }
        mistakes.noteOrphans(frames.keys, table: "frames", column: "rule", of: "replies")
        return replies
    }

    /// Those that are there, and where their columns stand: SQLite takes a row apart column by column, and most libraries
    /// reply in one way or two.
    private func kindsOfReplies() throws(DatabaseError) -> [KindColumns] {
        let statement = try statement("SELECT DISTINCT kind FROM replies")
        defer { statement.reset() }
        var words: Set<String> = []
        while try statement.step() {
            if let word = statement.text(0) { words.insert(word) }
        }
        var kinds: [KindColumns] = []
        var first: Int32 = 6
        for kind in ReplyKinds.all where words.contains(kind.word) {
            kinds.append(KindColumns(kind: kind, word: kind.word, columns: kind.columns, first: first))
            first += Int32(kind.columns.count)
        }
        return kinds
    }

    private func readFrames(_ mistakes: RowMistakes) throws(DatabaseError) -> [Int64: [[StoredValue?]]] {
        let names = Self.frameColumns.map(\.name).joined(separator: ", ")
        let frames = try rows(of: "frames", owner: "rule", names, mistakes) { row -> (Int, [StoredValue?])? in
            let values = row.values(Self.frameColumns, from: 3)
            return row.integer(1).map { ($0, values) }
        }
        return Dictionary(grouping: frames) { Int64($0.0) }.mapValues { $0.map(\.1) }
    }

    func writeReply(_ reply: Reply, ofRule rule: Int64) throws(DatabaseError) {
        let kind = type(of: reply.kind)
        let names = (["rule", "kind", "status", "headers", "content_type", "delay"] + kind.columns.map(\.name))
        let insert = try statement(
            """
            INSERT INTO replies (\(names.joined(separator: ", ")))
            VALUES (?, ?, ?, ?, ?, ?\(Self.places(for: kind.columns)))
            """)
        let headers = reply.headers.map { $0.map { JSON.Value.Member($0.name, .string($0.value)) } }
        try insert.run(
            [
                .integer(rule), .text(kind.word), Datum(reply.status), Datum(headers), Datum(reply.contentType),
                Datum(reply.delay),
            ] + reply.kind.stored.map { Datum($0) })
        try writeFrames(reply.kind.storedFrames, kind.frameColumns, ofRule: rule)
    }

    private func writeFrames(
        _ frames: [[StoredValue?]], _ columns: [StoredColumn], ofRule rule: Int64
    ) throws(DatabaseError) {
        guard !frames.isEmpty else { return }
        let insert = try statement(
            """
            INSERT INTO frames (rule, position, \(columns.map(\.name).joined(separator: ", ")))
            VALUES (?, ?\(Self.places(for: columns)))
            """)
        for (index, frame) in frames.enumerated() {
            try insert.run([.integer(rule), RowPosition.written(index)] + frame.map { Datum($0) })
        }
    }

    /// `, ?` for each.
    static func places(for columns: [StoredColumn]) -> String { String(repeating: ", ?", count: columns.count) }
}

/// The columns of a kind of reply, one after the other.
private struct KindColumns {
    let kind: any ReplyKind.Type
    let word: String
    let columns: [StoredColumn]
    let first: Int32
}

extension Row {
    /// The values of columns that stand one after the other.
    func values(_ columns: [StoredColumn], from first: Int32) -> [StoredValue?] {
        var values: [StoredValue?] = []
        values.reserveCapacity(columns.count)
        for index in columns.indices { values.append(value(first + Int32(index), columns[index])) }
        return values
    }

    private func value(_ column: Int32, _ kind: StoredColumn) -> StoredValue? {
        if isNull(column) { return kind.isNeeded ? needed(column, nil) : nil }
        let found: StoredValue? =
            switch kind.kind {
            case .json: json(column).map { .json($0) }
            case .text: text(column).map { .text($0) }
            case .bytes: blob(column).map { .bytes($0) }
            case .integer: integer(column).map { .integer($0) }
            case .truth: truth(column).map { .truth($0) }
            case .real: real(column).map { .real($0) }
            case .duration: duration(column).map { .duration($0) }
            }
        return found
    }

    /// What columns of other kinds hold does not matter: `UPDATE replies SET kind = 'echo'` is enough to change one.
    fileprivate func replyKind(_ kinds: [KindColumns], _ frames: [[StoredValue?]]) -> (any ReplyKind)? {
        guard let word = needed(1, text(1)) else { return nil }
        for index in kinds.indices where kinds[index].word == word {
            let known = mistakes.all.count
            let stored = values(kinds[index].columns, from: kinds[index].first)
            let found = kinds[index].kind.init(stored: stored, frames: frames)
            if found == nil, mistakes.all.count == known {
                note(1, "is a \(word) reply whose columns mean nothing")
            }
            return found
        }
        let words = ReplyKinds.all.map { $0.word }.joined(separator: ", ")
        return wrong(1, "\(Self.quoted(word)) is not one of \(words)")
    }

    /// A name may stand more than once, or once with an array of values.
    fileprivate func headerLines(_ column: Int32) -> [HeaderLine]? {
        object(column)?.flatMap { member in
            switch member.value {
            case .string(let text): return [HeaderLine(name: member.name, value: text)]
            case .array(let elements): return elements.compactMap { headerLine(column, member.name, $0) }
            default: return [headerLine(column, member.name, member.value)].compactMap { $0 }
            }
        }
    }

    private func headerLine(_ column: Int32, _ name: String, _ value: JSON.Value) -> HeaderLine? {
        guard case .string(let text) = value else { return wrong(column, "\(name) is \(value.kind), not a string") }
        return HeaderLine(name: name, value: text)
    }
}

extension Datum {
    init(_ value: StoredValue?) {
        switch value {
        case nil: self = .null
        case .json(let value): self = .text(value.json())
        case .text(let text): self = .text(text)
        case .bytes(let bytes): self = .blob(bytes)
        case .integer(let number): self = .integer(Int64(number))
        case .truth(let truth): self = .integer(truth ? 1 : 0)
        case .real(let number): self = .real(number)
        case .duration(let duration): self = .text(duration.text)
        }
    }
}
