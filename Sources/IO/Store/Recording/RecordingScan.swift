import HTTPWire
import Recording
import Redaction

/// The final scan of a file: whether a secret is left in what was recorded. Agents, credentials and users are what the
/// library is for, and are not looked at.
package enum RecordingScan {
    package static func remainders(
        in path: String, rules: SecretRules, known: KnownSecrets,
        scanned: (_ calls: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(DatabaseError) -> [FinalScan.Remainder] {
        try Database.reading(path) { (database) throws(DatabaseError) in
            var scan = FinalScan(rules: rules, known: known)
            let calls = try database.statement(
                """
                SELECT id, request_headers, request_body, reply_headers, reply_body, session, operation
                FROM recorded_calls
                ORDER BY id
                """)
            defer { calls.reset() }
            let total = try database.count(of: "recorded_calls")
            var done = 0
            while try calls.step() {
                let place = "call \(calls.integer(0)) (table recorded_calls)"
                scan.spared = calls.text(5).map { [$0] } ?? []
                scan.scan(field: "location", calls.text(6) ?? "", place: "the operation of \(place)")
                scan.scan(lines: calls.text(1) ?? "", calls.bytes(2), place: "the request of \(place)")
                let fields = calls.text(3) ?? ""
                scan.scan(lines: fields, calls.bytes(4), place: "the answer of \(place)")
                try scan.scanFrames(of: calls.integer(0), database, FieldBlock(lines: fields), "the answer of \(place)")
                done += 1
                scanned(done, total)
            }
            return scan.remainders
        }
    }
}

extension FinalScan {
    fileprivate mutating func scan(lines: String, _ body: [UInt8], place: String) {
        for line in lines.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            scan(field: String(line[..<colon]), String(value), place: place)
        }
        if !body.isEmpty, var coded = CodedBody(FieldBlock(lines: lines)) {
            coded.add(body)
            scan(coded, isEventStream: false, place: place)
        } else {
            scan(body, isEventStream: false, place: place)
        }
    }

    /// In parts that overlap, so that a long answer takes no more memory than a short one.
    fileprivate mutating func scanFrames(
        of call: Int64, _ database: Database, _ fields: FieldBlock, _ place: String
    ) throws(DatabaseError) {
        let frames = try database.statement(
            """
            SELECT id, bytes, size, direction, kind FROM recorded_frames WHERE call = ?
            ORDER BY position IS NULL, position, id
            """)
        defer { frames.reset() }
        try frames.bind(1, call)
        let isEventStream = StreamRedactor.form(of: fields) == .events
        var text: [UInt8] = []
        var body = CodedBody(fields)
        var said: [RecordedMessage: SaidPart] = [:]
        while try frames.step() {
            let frame = frames.frame
            if let message = frame.message {
                if let part = said[message, default: SaidPart()].add(frame) { scan(messages: part, place: place) }
            } else if body != nil {
                body?.add(frame.bytes)
            } else {
                text += frame.bytes
                guard text.count > SaidPart.most else { continue }
                scan(text, isEventStream: isEventStream, place: place)
                text.removeFirst(text.count - SaidPart.overlap)
            }
        }
        for part in said.values { scan(messages: part.messages, place: place) }
        if let body { scan(body, isEventStream: isEventStream, place: place) }
        scan(text, isEventStream: isEventStream, place: place)
    }
}

/// The last that one side of a conversation said.
private struct SaidPart {
    static let most = 1 << 20
    static let overlap = 65_536

    private(set) var messages: [[UInt8]] = []
    private var count = 0

    /// All of it, when it has become much; then only its end is kept.
    mutating func add(_ frame: RecordedFrame) -> [[UInt8]]? {
        // Two bytes of a close are its code.
        messages.append(frame.message?.kind == .close ? Array(frame.bytes.dropFirst(2)) : frame.bytes)
        count += frame.bytes.count
        guard count > Self.most else { return nil }
        let all = messages
        while count > Self.overlap, let first = messages.first {
            messages.removeFirst()
            count -= first.count
        }
        return all
    }
}
