import ControlAPI

/// What is said when recordings end: what is in them, whether a secret is left, and what to type next.
struct RecordingSummary {
    let listings: [RecordingListing]
    let keepsSecrets: Bool

    var lines: [String] { listings.flatMap(lines) }

    /// Whether all of them may be handed on, or hold secrets because they were to.
    var isGood: Bool { listings.allSatisfy { $0.failure == nil && (keepsSecrets || $0.isClean == true) } }

    /// While it is made, in one line.
    static func progress(_ listing: RecordingListing) -> String {
        "recording \(listing.name): \(sums(listing)), \(Spelling.count(listing.redacted, "secret")) replaced"
    }

    private static func sums(_ listing: RecordingListing) -> String {
        "\(Spelling.count(listing.calls, "call")), \(Spelling.count(listing.frames, "frame")), \(listing.bytes) bytes"
    }

    private func lines(_ listing: RecordingListing) -> [String] {
        let kept = "\(listing.file): \(Self.sums(listing))"
        var lines = [
            kept + (keepsSecrets ? ", secrets kept" : ", \(Spelling.count(listing.redacted, "secret")) replaced")
        ]
        if let failure = listing.failure { lines.append("\(listing.file): \(failure)") }
        if keepsSecrets {
            lines.append("before it is handed on: understudy redact \(listing.file)")
        } else {
            for left in listing.remainders { lines.append("\(listing.file): still holds a secret: \(left)") }
            if listing.isClean == true { lines.append("no secret was found in it by the final scan") }
        }
        if listing.calls > 0 { lines.append("replay it: understudy serve \(listing.file)") }
        return lines
    }
}
