import Bytes
import HTTPWire

/// Takes the secrets out of texts and puts pseudonyms in their place. What it has once seen under a secret's name it
/// finds again anywhere.
package struct Redactor: Sendable {
    package var rules: SecretRules
    package var pseudonyms: Pseudonyms
    package private(set) var known = KnownSecrets()
    /// Fields and what became of them, while this many secrets were known.
    private var fields: [String: (value: String, count: Int)] = [:]
    private var fieldsKnow = 0

    package init(rules: SecretRules, pseudonyms: Pseudonyms) {
        self.rules = rules
        self.pseudonyms = pseudonyms
    }

    /// A whole body, or a text that is short.
    package mutating func redact(_ bytes: [UInt8], isEventStream: Bool = false) -> [UInt8] {
        replacements(in: bytes, isEventStream: isEventStream).applied(to: bytes)
    }

    package mutating func redact(_ text: String) -> String { String(lossy: redact(Array(text.utf8))) }

    /// The value of a header field. Most fields say the same with every call.
    package mutating func redact(field name: String, _ value: String) -> String {
        guard value.utf8.count <= 4_096 else { return redacted(field: name, value) }
        if fieldsKnow != known.values.count || fields.count > 4_096 { (fields, fieldsKnow) = ([:], known.values.count) }
        let line = "\(name): \(value)"
        if let done = fields[line] {
            pseudonyms.countAgain(done.count)
            return done.value
        }
        let before = pseudonyms.replaced
        let done = redacted(field: name, value)
        fields[line] = (done, pseudonyms.replaced - before)
        return done
    }

    private mutating func redacted(field name: String, _ value: String) -> String {
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

    /// Header fields.
    package mutating func redact(_ fields: FieldBlock) -> FieldBlock {
        var redacted = FieldBlock()
        for field in fields.list { redacted.add(name: field.name, value: redact(field: field.name, field.value)) }
        return redacted
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

    private mutating func replace(_ findings: [Finding], in bytes: [UInt8]) -> [UInt8] {
        learn(findings)
        return findings.replacements { pseudonyms.pseudonym(for: $0.value, $0.kind) }.applied(to: bytes)
    }

    mutating func replacements(in bytes: [UInt8], isEventStream: Bool) -> [Replacement] {
        let findings = findings(in: bytes, isEventStream ? .events : .text)
        guard !findings.isEmpty else { return [] }
        learn(findings)
        return findings.replacements { pseudonyms.pseudonym(for: $0.value, $0.kind) }
    }

    func findings(in bytes: [UInt8], _ form: SearchedForm) -> [Finding] {
        SecretSearch(rules: rules, known: known).findings(in: bytes, form)
    }

    mutating func learn(_ findings: [Finding]) {
        for finding in findings { known.add(finding.value, finding.kind) }
    }
}

/// The secrets of a header field by its name: of credentials without their scheme, of cookies their values.
private struct FieldSecrets {
    let bytes: [UInt8]
    let field: FieldRange

    var findings: [Finding] {
        var places = SecretPlaces()
        places.field(field, in: bytes.span)
        let kind = SecretKind(name: bytes[field.name].span)
        var findings: [Finding] = []
        for place in places.found {
            for range in kind == .cookie ? cookies(place) : [place] where !Opaque.isPseudonym(bytes[range]) {
                // Each signature is another and is good for one call: all of them are one secret.
                let value = isSignature ? Array("signature".utf8) : Array(bytes[range])
                findings.append(
                    Finding(kind: SecretShapes.kind(of: value) ?? self.kind(kind), value: value, places: [range]))
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
