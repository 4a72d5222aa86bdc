import Bytes
import HTTPWire

/// Takes the secrets out of texts and puts pseudonyms in their place. What it has once seen under a secret's name it
/// finds again anywhere.
package struct Redactor: Sendable {
    package var rules: SecretRules
    package var pseudonyms: Pseudonyms
    package private(set) var known = KnownSecrets()
    /// Lines of header fields that may hold a secret and what became of them, while so many secrets were known.
    private var lines: [ByteKey: (line: [UInt8]?, count: Int)] = [:]
    private var seen = SeenFields()
    private var linesKnow = 0

    package init(rules: SecretRules, pseudonyms: Pseudonyms) {
        self.rules = rules
        self.pseudonyms = pseudonyms
    }

    /// A whole body, or a text that is short.
    package mutating func redact(_ bytes: [UInt8], isEventStream: Bool = false) -> [UInt8] {
        replacements(in: bytes, isEventStream: isEventStream).applied(to: bytes)
    }

    package mutating func redact(_ text: String) -> String { String(lossy: redact(Array(text.utf8))) }

    /// The value of a header field.
    package mutating func redact(field name: String, _ value: String) -> String {
        let name = Array(name.utf8)
        let before = name.count + 2
        let bytes = name + Array(": ".utf8) + Array(value.utf8)
        let field = FieldRange(name: 0..<name.count, value: before..<bytes.count)
        var all = FieldSecrets(bytes: bytes, field: field).findings
        for found in findings(in: Array(value.utf8), .text) {
            var moved = found
            moved.places = found.places.map { place in place.lowerBound + before..<place.upperBound + before }
            all.append(moved)
        }
        return String(lossy: replace(all, in: bytes)[before...])
    }

    /// Header fields, those of a request or those of an answer.
    package mutating func redact(_ fields: FieldBlock, of side: SeenFields.Side) -> FieldBlock {
        forgetLinesIfNeeded()
        // Moved, not copied.
        var seen = SeenFields()
        swap(&seen, &self.seen)
        let look = SecretLook(rules: rules, known: known)
        let isClean = seen.look(at: fields.bytes, of: side) { look.mayHold(line: $0) }
        swap(&seen, &self.seen)
        return isClean ? fields : redact(linesOf: fields, side)
    }

    private mutating func redact(linesOf fields: FieldBlock, _ side: SeenFields.Side) -> FieldBlock {
        let (seen, knew) = (seen, known.values.count)
        var kept: [UInt8] = []
        kept.reserveCapacity(fields.bytes.count)
        var (isSame, count) = (true, 0)
        fields.visitLines { line in
            // What one line gives away may stand in the next.
            let mayHold =
                known.values.count == knew
                ? seen.mayHold(line: count, of: side) : SecretLook(rules: rules, known: known).mayHold(line: line.span)
            if mayHold, let other = redacted(line: line) {
                isSame = false
                kept.append(contentsOf: other)
            } else {
                kept.append(contentsOf: line)
            }
            count += 1
            kept.append(UInt8(ascii: "\r"))
            kept.append(UInt8(ascii: "\n"))
        }
        return isSame ? fields : FieldBlock(bytes: kept)
    }

    /// What was found nowhere may be there once more is known.
    private mutating func forgetLinesIfNeeded() {
        guard linesKnow != known.values.count || lines.count > 4_096 else { return }
        (lines, seen, linesKnow) = ([:], SeenFields(), known.values.count)
    }

    /// Whether the fields that were redacted last name no coding and no stream of events: their body is a plain text.
    func isPlain(_ side: SeenFields.Side) -> Bool { seen.isPlain(side) }

    /// What takes the place of a line; nil where nothing does.
    private mutating func redacted(line: ArraySlice<UInt8>) -> [UInt8]? {
        forgetLinesIfNeeded()
        if let done = lines[ByteKey(line)] {
            pseudonyms.countAgain(done.count)
            return done.line
        }
        let before = pseudonyms.replaced
        let (name, value) = Self.parts(of: line)
        let kept = redact(field: name, value)
        let other: [UInt8]? = kept == value ? nil : Array("\(name): \(kept)".utf8)
        if line.count <= 4_096 { lines[ByteKey(line).owned] = (other, pseudonyms.replaced - before) }
        return other
    }

    private static func parts(of line: ArraySlice<UInt8>) -> (name: String, value: String) {
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        return (String(lossy: line[..<colon]), String(lossy: line[colon...].dropFirst(2)))
    }

    /// Header fields, a line each.
    package mutating func redact(lines: String) -> String {
        lines.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard let colon = line.firstIndex(of: ":") else { return redact(String(line)) }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return "\(line[..<colon]): \(redact(field: String(line[..<colon]), String(value)))"
        }.joined(separator: "\n")
    }

    /// The target of a request, whose query may hold secrets under names that mean them nowhere else.
    package mutating func redact(target: String) -> String { redact(field: "location", target) }

    private mutating func replace(_ findings: [FoundSecret], in bytes: [UInt8]) -> [UInt8] {
        learn(findings)
        return findings.replacements { pseudonyms.pseudonym(for: $0.value, $0.kind) }.applied(to: bytes)
    }

    mutating func replacements(in bytes: [UInt8], isEventStream: Bool) -> [Replacement] {
        let findings = findings(in: bytes, isEventStream ? .events : .text)
        guard !findings.isEmpty else { return [] }
        learn(findings)
        return findings.replacements { pseudonyms.pseudonym(for: $0.value, $0.kind) }
    }

    /// Whether a text may hold a secret; nearly none does, and that is told by one look.
    func mayHold(_ text: Span<UInt8>) -> Bool { SecretLook(rules: rules, known: known).mayHold(text) }

    func findings(in bytes: [UInt8], _ form: SearchedForm) -> [FoundSecret] {
        if case .text = form, !mayHold(bytes.span) { return [] }
        return SecretSearch(rules: rules, known: known).findings(in: bytes, form)
    }

    mutating func learn(_ findings: [FoundSecret]) {
        for finding in findings { known.add(finding.value, finding.kind) }
    }
}

/// The secrets of a header field by its name: of credentials without their scheme, of cookies their values.
private struct FieldSecrets {
    let bytes: [UInt8]
    let field: FieldRange

    var findings: [FoundSecret] {
        var places = SecretPlaces()
        places.field(field, in: bytes.span)
        let kind = SecretKind(name: bytes[field.name].span)
        var findings: [FoundSecret] = []
        for place in places.found {
            for range in kind == .cookie ? cookies(place) : [place] where !Opaque.isPseudonym(bytes[range]) {
                // Each signature is another and is good for one call: all of them are one secret.
                let value = isSignature ? Array("signature".utf8) : Array(bytes[range])
                findings.append(
                    FoundSecret(kind: SecretShapes.kind(of: value) ?? self.kind(kind), value: value, places: [range]))
            }
        }
        return findings
    }

    private var isSignature: Bool { bytes[field.value].starts(with: "AWS4-".utf8) }

    /// What `Basic` carries is a name and a password.
    private func kind(_ kind: SecretKind) -> SecretKind {
        let scheme = Array(bytes[field.value].prefix(6))
        return ASCII.equals(scheme.span, lowercase: "basic ") ? .password : kind
    }

    /// RFC 6265 4.1.1 and 4.2.1: `cookie-pair *( ";" SP cookie-pair )`, and in an answer attributes behind the first.
    private func cookies(_ value: Range<Int>) -> [Range<Int>] {
        let isSet = ASCII.equals(bytes[field.name].span, lowercase: "set-cookie")
        var ranges: [Range<Int>] = []
        var start = value.lowerBound
        while start < value.upperBound {
            let end = ByteSearch.first(UInt8(ascii: ";"), in: bytes.span, start..<value.upperBound)
            let equals = ByteSearch.first(UInt8(ascii: "="), in: bytes.span, start..<end)
            // Without a name it is all value.
            let secret = equals < end ? equals + 1..<end : start..<end
            if !secret.isEmpty { ranges.append(secret) }
            if isSet { break }
            start = end + 1
            while start < value.upperBound, bytes[start] == UInt8(ascii: " ") { start += 1 }
        }
        return ranges
    }
}
