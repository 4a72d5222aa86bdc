/// How much of a body the journal keeps: a body may have 100 MB, a journal of thousands of calls may not. The call
/// tells the true size beside what was kept.
package enum KeptBody {
    package static let limit = 1 << 20

    /// The body, or its start: cut between two characters, so that a text stays a text.
    package static func cut(_ body: [UInt8]) -> [UInt8] {
        guard body.count > limit else { return body }
        var end = limit
        // A character has at most three bytes after its first.
        while end > limit - 3, body[end] & 0xC0 == 0x80 { end -= 1 }
        return Array(body[..<end])
    }
}
