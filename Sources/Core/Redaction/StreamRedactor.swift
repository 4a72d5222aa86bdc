import HTTPWire

/// Takes the secrets out of a body that comes in pieces, and keeps the pieces: how many there are, where each ends, and
/// how long it was. A piece is told when no secret of 64 KiB can begin in it and end in one that has not come yet.
package struct StreamRedactor: Sendable {
    package struct Piece: Equatable, Sendable {
        /// Microseconds from the call's arrival.
        package var at: Int
        package var bytes: [UInt8]
        /// How many bytes it had when it came.
        package var size: Int

        package init(at: Int, bytes: [UInt8], size: Int) { (self.at, self.bytes, self.size) = (at, bytes, size) }
    }

    package static let heldBack = 65_536
    /// Searched at once, so that each byte is searched about twice.
    private static let window = 2 * heldBack
    /// Kept of what was told already: the name of a member whose value comes next.
    private static let context = 1024

    package enum Form: Sendable {
        case text
        case events
        /// Each piece is a message of a conversation.
        case messages
    }

    private let form: Form
    /// Bytes that are kept until they are all there: paths look at whole bodies.
    private let wholeUpTo: Int
    private var text: [UInt8] = []
    /// How much of `text` was told already.
    private var told = 0
    private var pieces: [(at: Int, size: Int)] = []
    /// Where pieces end that were told and that `text` still has.
    private var endsBefore: [Int] = []

    package init(_ form: Form, rules: SecretRules) {
        self.form = form
        // A message is a whole by itself.
        let isInParts = rules.paths.isEmpty || form == .messages
        wholeUpTo = isInParts ? Self.window : SecretSearch.longestBodyForPaths
    }

    /// The form of a body with these header fields.
    package static func form(of fields: FieldBlock) -> Form {
        (fields.value(of: "Content-Type")?.lowercased() ?? "").hasPrefix("text/event-stream") ? .events : .text
    }

    /// The pieces that are done.
    package mutating func add(_ bytes: [UInt8], at: Int, _ redactor: inout Redactor) -> [Piece] {
        text.append(contentsOf: bytes)
        pieces.append((at, bytes.count))
        guard text.count - told >= wholeUpTo else { return [] }
        return tell(upTo: text.count - Self.heldBack, &redactor)
    }

    /// The rest, when there is nothing more to come.
    package mutating func finish(_ redactor: inout Redactor) -> [Piece] { tell(upTo: text.count, &redactor) }

    private mutating func tell(upTo limit: Int, _ redactor: inout Redactor) -> [Piece] {
        let findings = redactor.findings(in: text, searched).filter { $0.end > told }
        let (count, end) = ready(upTo: limit, findings)
        guard count > 0 else { return [] }
        let ready = findings.filter { $0.start < end }.map { $0.within(told..<end) }
        redactor.learn(ready)
        let replacements = ready.replacements { redactor.pseudonyms.pseudonym(for: $0.value, $0.kind) }
        var ends = [told]
        for piece in pieces[..<count] { ends.append(ends[ends.count - 1] + piece.size) }
        // The part before the first piece was told already.
        let parts = replacements.applied(to: Array(text[..<end]), splitAt: ends).dropFirst()
        let done = zip(pieces, parts).map { Piece(at: $0.at, bytes: $1, size: $0.size) }
        pieces.removeFirst(count)
        forget(endsBefore + ends.dropFirst(), end)
        return done
    }

    private var searched: SearchedForm {
        switch form {
        case .text: return .text
        case .events: return .events
        case .messages:
            var ends = endsBefore
            var place = told
            for piece in pieces {
                place += piece.size
                ends.append(place)
            }
            return .messages(ends)
        }
    }

    /// What was told up to `end`, but for its last part: of messages whole ones.
    private mutating func forget(_ ends: [Int], _ end: Int) {
        var forgotten = max(0, end - Self.context)
        if form == .messages {
            forgotten = forgotten == 0 ? 0 : ends.first { $0 >= forgotten } ?? end
            endsBefore = ends.filter { $0 > forgotten }.map { $0 - forgotten }
        }
        text.removeFirst(forgotten)
        told = end - forgotten
    }

    /// How many pieces may be told, and where the last of them ends: at no place within a secret, unless it is so long
    /// that it cannot be one.
    private func ready(upTo limit: Int, _ findings: [FoundSecret]) -> (count: Int, end: Int) {
        var (count, end) = (0, told)
        var place = told
        let isTooLong = text.count - told > wholeUpTo + 4 * Self.window
        for (index, piece) in pieces.enumerated() {
            place += piece.size
            guard place <= limit else { break }
            if !isTooLong, findings.contains(where: { $0.start < place && place < $0.end }) { continue }
            (count, end) = (index + 1, place)
        }
        return (count, end)
    }
}

extension FoundSecret {
    /// What of it stands in a part of the text.
    fileprivate func within(_ range: Range<Int>) -> FoundSecret {
        var finding = self
        finding.places = places.map { $0.clamped(to: range) }.filter { !$0.isEmpty }
        return finding
    }
}
