import Recording

// Rules.  What is longer than a megabyte stays in the file and is read a window at a time, each by opening the file anew:
//         nothing lies beside it meanwhile. Whatever has to be rebuilt in memory first is read whole.
extension Database {
    /// Bytes of an answer that is left in the file.
    private static let least = 1 << 20
    /// Bytes and frames of a window.
    private static let mostBytes = 1 << 18
    private static let mostFrames = 1_000

    /// The answers that stay in the file, by the rows of their calls.
    func longAnswers() throws(DatabaseError) -> [Int64: StoredFrames] {
        var found: [Int64: StoredFrames] = [:]
        guard !isCopy else { return found }
        let rows = try statement(
            """
            SELECT call, count(*), sum(length(bytes)) FROM recorded_frames GROUP BY call
            HAVING sum(length(bytes)) > \(Self.least) AND count(position) = count(*) AND count(kind) = 0
            """)
        defer { rows.reset() }
        while try rows.step() {
            let call = rows.integer(0)
            found[call] = StoredFrames(count: Int(rows.integer(1)), byteCount: Int(rows.integer(2))) { [path] mark in
                try? Database.reading(path) { (database) throws(DatabaseError) in
                    try database.window(of: call, after: mark)
                }
            }
        }
        return found
    }

    private func window(of call: Int64, after mark: StoredFrames.Mark?) throws(DatabaseError) -> StoredFrames.Window {
        let rows = try statement(
            """
            SELECT position, id, at, bytes, size FROM recorded_frames
            WHERE call = ?1 AND (position, id) > (?2, ?3) ORDER BY position, id
            """)
        defer { rows.reset() }
        try rows.bind(1, call)
        try rows.bind(2, mark?.position ?? .min)
        try rows.bind(3, mark?.row ?? .min)
        var window = StoredFrames.Window(frames: [], next: nil)
        var bytes = 0
        while try rows.step() {
            let size = rows.integer(4)
            let frame = RecordedFrame(at: rows.integer(2), bytes: rows.bytes(3), size: size == 0 ? nil : Int(size))
            window.frames.append(frame)
            bytes += frame.bytes.count
            guard bytes < Self.mostBytes, window.frames.count < Self.mostFrames else {
                window.next = StoredFrames.Mark(position: rows.integer(0), row: rows.integer(1))
                break
            }
        }
        return window
    }
}
