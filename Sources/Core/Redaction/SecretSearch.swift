import Bytes
import JSON

/// What a text is searched for.
enum SearchPurpose {
    /// It is passed on: whatever may be a secret goes, also what is encoded once more.
    case sharing
    /// It is looked at where it was made: what is named or shaped as a secret goes, words that name one by chance stay.
    case keeping
    /// It came where nobody takes it: what a name gives away goes, whatever it is.
    case stray
}

/// Every secret in a text, in whatever form it stands there: as it is, with JSON's escapes, percent-encoded, in base64,
/// and spread over the events of a stream. Each form is undone once more, and the result is searched like any text.
struct SecretSearch {
    private static let deepest = 3
    static let shortestBase64 = 11
    private static let shortValue = 256
    /// A longer run of base64 is a file, of which only the part with the secret goes.
    private static let longestWholeRun = 8192
    static let longestBodyForPaths = 8 << 20

    let rules: SecretRules
    let known: KnownSecrets
    var purpose = SearchPurpose.sharing

    /// Those that are not part of another, in the order in which they stand.
    func findings(in bytes: [UInt8], _ form: SearchedForm) -> [FoundSecret] {
        let text = DecodedText(itself: bytes)
        var findings: [FoundSecret] = []
        search(text, depth: 0, isRaw: true, &findings)
        switch form {
        case .text:
            if !rules.paths.isEmpty, bytes.count <= Self.longestBodyForPaths { paths(text, &findings) }
        case .events:
            let events = EventTexts(stream: text)
            findings = findings.compactMap { withoutFrames($0, events, text) }
            search(events, &findings)
        case .messages(let ends):
            let messages = EventTexts(messages: text, endingAt: ends)
            // What stands before a message is no part of its words.
            for message in messages.events { search(message, depth: 0, isRaw: true, &findings) }
            search(messages, &findings)
        }
        return findings
    }

    /// Of a finding that goes on over what frames the events, what they say of it; nil when that is nothing, or replaced.
    private func withoutFrames(_ finding: FoundSecret, _ events: EventTexts, _ text: DecodedText) -> FoundSecret? {
        let places = finding.places.flatMap { events.withoutFrames($0, in: text.bytes) }
        guard places != finding.places else { return finding }
        var said = DecodedText()
        for place in places { said.append(place, of: text) }
        guard !said.bytes.isEmpty, !Opaque.isPseudonym(said.bytes[...]) else { return nil }
        return self.finding(finding.kind, said.bytes.indices, said, finding.needsQuotes)
    }

    /// What is said one after the other, in a row; and each of it by itself for paths.
    private func search(_ said: EventTexts, _ findings: inout [FoundSecret]) {
        for text in said.texts { search(text, depth: 0, isRaw: false, &findings) }
        if !rules.paths.isEmpty { for event in said.events { paths(event, &findings) } }
    }

    private func search(_ text: DecodedText, depth: Int, isRaw: Bool, _ findings: inout [FoundSecret]) {
        var (runs, seen) = ([Range<Int>](), ByteClass())
        byMarks(text, isRaw: isRaw, &runs, &seen, &findings)
        known.find(in: text.bytes.span) { secret, range in
            let kind = SecretShapes.kind(of: secret.value) ?? secret.kind
            findings.append(FoundSecret(kind: kind, value: secret.value, places: text.places(of: range)))
        }
        for pattern in rules.patterns {
            for range in pattern.expression.places(in: text.bytes) where !Opaque.isPseudonym(text.bytes[range]) {
                findings.append(finding(pattern.kind, range, text, false))
            }
        }
        guard depth < Self.deepest else { return }
        if seen.contains(.backslash), let decoded = text.withoutEscapes() {
            search(decoded, depth: depth + 1, isRaw: false, &findings)
        }
        guard purpose == .sharing else { return }
        if seen.contains(.percent), let decoded = text.withoutPercentEncoding() {
            search(decoded, depth: depth + 1, isRaw: isRaw, &findings)
        }
        for run in runs { base64(run: run, text, depth: depth, &findings) }
    }

    /// What the text itself says, in one pass: by looks and by names. Tells which forms hide in it.
    private func byMarks(
        _ text: DecodedText, isRaw: Bool, _ runs: inout [Range<Int>], _ seen: inout ByteClass,
        _ findings: inout [FoundSecret]
    ) {
        let bytes = text.bytes
        let shapes = SecretShapes(includesEmail: rules.includesEmail)
        let names = NamedSecrets(text: bytes, stopsAtLineEnd: isRaw, purpose: purpose)
        // A shape ends where it was found or given up: thousands of beginnings in one run are one.
        var (runStart, keyStart, shapeEnd, failedEnd) = (0, 0, 0, 0)
        // A long value is one secret: names within it are not looked for, as there may be thousands that end where it does.
        var valueEnd = 0
        for at in 0...bytes.count {
            let kind = at < bytes.count ? ByteClass(bytes[at]) : ByteClass()
            // A letter that means nothing.
            if kind.rawValue == ByteClass.base64.rawValue { continue }
            if kind.contains(.shape), at >= shapeEnd, at >= failedEnd || bytes[at] != UInt8(ascii: "e") {
                if let found = shapes.secret(in: bytes, at: at) {
                    if found.kind != .email { shapeEnd = found.range.upperBound }
                    if !isSpared(bytes[found.range]) { findings.append(finding(found.kind, found.range, text, false)) }
                } else if SecretShapes.beginsToken(bytes, at) {
                    failedEnd = SecretShapes.runEnd(bytes, at)
                }
            }
            if kind.contains(.name), at >= valueEnd {
                names.find(at: at) {
                    findings.append(finding($0, $1, text, $2 && isRaw))
                    if $1.count > Self.shortValue { valueEnd = $1.upperBound }
                }
            }
            if kind.contains(.base64) { continue }
            if at - keyStart == SecretShapes.secretKeyLength, SecretShapes.isSecretKey(bytes, keyStart..<at),
                !isSpared(bytes[keyStart..<at])
            {
                findings.append(finding(.awsKey, keyStart..<at, text, false))
            }
            keyStart = at + 1
            if kind.contains(.base64URL) { continue }
            seen.formUnion(kind)
            if at - runStart >= Self.shortestBase64 { runs.append(runStart..<at) }
            runStart = at + 1
        }
    }

    private func isSpared(_ text: ArraySlice<UInt8>) -> Bool {
        !rules.spared.isEmpty && rules.spared.contains(String(lossy: text))
    }

    /// A secret is the same in every form: escapes that are left in it are no part of it.
    private func finding(_ kind: SecretKind, _ range: Range<Int>, _ text: DecodedText, _ needsQuotes: Bool)
        -> FoundSecret
    {
        var value = text.part(range)
        for _ in 0..<Self.deepest { if let decoded = value.withoutEscapes() { value = decoded } }
        if let decoded = value.withoutPercentEncoding() { value = decoded }
        return FoundSecret(
            kind: SecretShapes.kind(of: value.bytes) ?? kind, value: value.bytes, places: text.places(of: range),
            needsQuotes: needsQuotes)
    }

    // MARK: Base64

    private func base64(run: Range<Int>, _ text: DecodedText, depth: Int, _ findings: inout [FoundSecret]) {
        for shift in Self.shifts(of: run) {
            var inner: [FoundSecret] = []
            let letters = run.lowerBound + shift..<run.upperBound
            guard Base64Run.mayBeText(text.bytes.span, letters) else { continue }
            let decoded = Base64Run.decode(text.bytes[letters])
            search(DecodedText(itself: decoded), depth: depth + 1, isRaw: false, &inner)
            for finding in inner {
                var whole = run
                if run.count > Self.longestWholeRun {
                    let first = run.lowerBound + shift + finding.start / 3 * 4
                    whole = first..<min(run.upperBound, run.lowerBound + shift + (finding.end + 2) / 3 * 4)
                } else {
                    var end = run.upperBound
                    while end < text.bytes.count, end < run.upperBound + 2, text.bytes[end] == UInt8(ascii: "=") {
                        end += 1
                    }
                    whole = run.lowerBound..<end
                }
                findings.append(FoundSecret(kind: finding.kind, value: finding.value, places: text.places(of: whole)))
            }
        }
    }

    /// Where the text begins in the middle of a run, nobody knows where its groups of four begin.
    static func shifts(of run: Range<Int>) -> Range<Int> { run.lowerBound == 0 && run.count > 256 ? 0..<4 : 0..<1 }

    // MARK: --redact-path

    private func paths(_ text: DecodedText, _ findings: inout [FoundSecret]) {
        for path in rules.paths {
            let kind = SecretKind(Self.word(for: path))
            for range in JSONPlaces.places(of: path, in: text.bytes) {
                let isString = text.bytes[range.lowerBound] == UInt8(ascii: "\"")
                let content = isString ? range.lowerBound + 1..<range.upperBound - 1 : range
                guard !content.isEmpty, !Opaque.isPseudonym(text.bytes[content]) else { continue }
                var found = finding(kind, content, text, !isString)
                found.kind = kind
                findings.append(found)
            }
        }
    }

    /// The last name of the path, or `value`.
    static func word(for path: Path) -> String {
        for step in path.steps.reversed() { if case .name(let name) = step { return name } }
        return "value"
    }
}

/// RFC 4648, either alphabet, without padding; what is left over at the end gives no byte.
enum Base64Run {
    static func decode(_ run: ArraySlice<UInt8>) -> [UInt8] { decode(run.span) }

    private static func decode(_ run: Span<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(run.count * 3 / 4)
        var (word, bits): (UInt32, Int) = (0, 0)
        for at in 0..<run.count {
            word = word << 6 | value(of: run[at])
            bits += 6
            guard bits >= 8 else { continue }
            bits -= 8
            bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(bits)))
        }
        return bytes
    }

    @inline(__always) private static func value(of letter: UInt8) -> UInt32 {
        switch letter {
        case 0x61...0x7A: UInt32(letter &- 0x61 &+ 26)
        case 0x41...0x5A: UInt32(letter &- 0x41)
        case 0x30...0x39: UInt32(letter &- 0x30 &+ 52)
        case 0x2B, 0x2D: 62
        default: 63
        }
    }

    /// Whether somebody encoded a text: a word that only looks like base64 decodes to noise.
    static func mayBeText(_ bytes: Span<UInt8>, _ run: Range<Int>) -> Bool {
        var (word, bits): (UInt32, Int) = (0, 0)
        var (count, readable) = (0, 0)
        var (before, isText): (UInt8, Bool) = (0, true)
        for index in run.lowerBound..<min(run.upperBound, run.lowerBound + 64) {
            word = word << 6 | value(of: bytes[index])
            bits += 6
            guard bits >= 8 else { continue }
            bits -= 8
            let byte = UInt8(truncatingIfNeeded: word >> UInt32(bits))
            count += 1
            if byte >= 0x20, byte < 0x7F { readable += 1 }
            // In no script does a letter of ASCII follow a byte that begins another: noise is told here, nearly always.
            if before >= 0xC0, byte < 0x80 { isText = false }
            before = byte
        }
        if readable * 10 >= count * 6 { return true }
        guard isText, run.count >= 40 else { return false }
        // A text in another script.
        let decoded = decode(bytes.extracting(run.lowerBound..<min(run.upperBound, run.lowerBound + 256)))
        guard let last = decoded.lastIndex(where: { $0 < 0x80 }) else { return false }
        return String(validating: decoded[...last], as: UTF8.self) != nil
    }
}
