import Redaction

/// The final scan of a file: whether a secret is left in what was recorded. Agents, credentials and users are what the
/// library is for, and are not looked at.
package enum RecordingScan {
    package static func remainders(
        in path: String, rules: SecretRules, known: KnownSecrets, scanned: (Int) -> Void = { _ in }
    ) throws(DatabaseError) -> [FinalScan.Remainder] {
        try Database.reading(path) { (database) throws(DatabaseError) in
            var scan = FinalScan(rules: rules, known: known)
            let calls = try database.statement(
                """
                SELECT id, request_headers, request_body, reply_headers, reply_body, session FROM recorded_calls
                ORDER BY id
                """)
            defer { calls.reset() }
            var done = 0
            while try calls.step() {
                let place = "call \(calls.integer(0)) (table recorded_calls)"
                scan.spared = calls.text(5).map { [$0] } ?? []
                scan.scan(lines: calls.text(1) ?? "", place: "the request of \(place)")
                scan.scan(calls.bytes(2), isEventStream: false, place: "the request of \(place)")
                let fields = calls.text(3) ?? ""
                scan.scan(lines: fields, place: "the answer of \(place)")
                scan.scan(calls.bytes(4), isEventStream: false, place: "the answer of \(place)")
                let isEventStream = StreamRedactor.isEventStream(lines: fields)
                try scan.scanFrames(of: calls.integer(0), database, isEventStream, "the answer of \(place)")
                done += 1
                scanned(done)
            }
            return scan.remainders
        }
    }
}

extension FinalScan {
    fileprivate mutating func scan(lines: String, place: String) {
        for line in lines.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            scan(field: String(line[..<colon]), String(value), place: place)
        }
    }

    /// In parts that overlap, so that a long answer takes no more memory than a short one.
    fileprivate mutating func scanFrames(
        of call: Int64, _ database: Database, _ isEventStream: Bool, _ place: String
    ) throws(DatabaseError) {
        let frames = try database.statement(
            "SELECT bytes FROM recorded_frames WHERE call = ? ORDER BY position IS NULL, position, id")
        defer { frames.reset() }
        try frames.bind(1, call)
        var text: [UInt8] = []
        while try frames.step() {
            text += frames.bytes(0)
            guard text.count > 1 << 20 else { continue }
            scan(text, isEventStream: isEventStream, place: place)
            text.removeFirst(text.count - 65_536)
        }
        scan(text, isEventStream: isEventStream, place: place)
    }
}
