import Bytes
import JSON

/// Every secret in a text, in whatever form it stands there: as it is, with JSON's escapes, percent-encoded, in base64,
/// and spread over the events of a stream. Each form is undone once more, and the result is searched like any text.
struct SecretSearch {
    private static let deepest = 3
    private static let shortestBase64 = 11
    /// A longer run of base64 is a file, of which only the part with the secret goes.
    private static let longestWholeRun = 8192
    static let longestBodyForPaths = 8 << 20

    let rules: SecretRules
    let known: KnownSecrets

    /// Those that are not part of another, in the order in which they stand.
    func findings(in bytes: [UInt8], isEventStream: Bool) -> [Finding] {
        let text = DecodedText(itself: bytes)
        var findings: [Finding] = []
        search(text, depth: 0, isRaw: true, &findings)
        if isEventStream {
            let events = EventTexts(text)
            for said in events.texts { search(said, depth: 0, isRaw: false, &findings) }
            if !rules.paths.isEmpty { for event in events.events { paths(event, &findings) } }
        } else if !rules.paths.isEmpty, bytes.count <= Self.longestBodyForPaths {
            paths(text, &findings)
        }
        return findings
    }

    private func search(_ text: DecodedText, depth: Int, isRaw: Bool, _ findings: inout [Finding]) {
        plain(text, isRaw: isRaw, &findings)
        guard depth < Self.deepest else { return }
        if let decoded = text.withoutEscapes() { search(decoded, depth: depth + 1, isRaw: false, &findings) }
        if let decoded = text.withoutPercentEncoding() { search(decoded, depth: depth + 1, isRaw: isRaw, &findings) }
        base64(text, depth: depth, &findings)
    }

    /// What the text itself says.
    private func plain(_ text: DecodedText, isRaw: Bool, _ findings: inout [Finding]) {
        let bytes = text.bytes
        func add(_ kind: SecretKind, _ range: Range<Int>, _ needsQuotes: Bool) {
            findings.append(finding(kind, range, text, needsQuotes))
        }
        SecretShapes(includesEmail: rules.includesEmail).find(in: bytes) { kind, range in
            if isSpared(bytes[range]) { return }
            add(kind, range, false)
        }
        NamedSecrets(text: bytes, stopsAtLineEnd: isRaw).find(add)
        known.find(in: bytes) { add($0, $1, false) }
        for pattern in rules.patterns {
            for range in pattern.expression.places(in: bytes) where !Opaque.isPseudonym(bytes[range]) {
                add(pattern.kind, range, false)
            }
        }
    }

    private func isSpared(_ text: ArraySlice<UInt8>) -> Bool {
        !rules.spared.isEmpty && rules.spared.contains(String(lossy: text))
    }

    /// A secret is the same in every form: escapes that are left in it are no part of it.
    private func finding(_ kind: SecretKind, _ range: Range<Int>, _ text: DecodedText, _ needsQuotes: Bool) -> Finding {
        var value = text.part(range)
        for _ in 0..<Self.deepest { if let decoded = value.withoutEscapes() { value = decoded } }
        if let decoded = value.withoutPercentEncoding() { value = decoded }
        let looks = Self.looks(of: value.bytes)
        return Finding(
            kind: looks ?? kind, value: value.bytes, places: text.places(of: range), needsQuotes: needsQuotes)
    }

    /// A token under any name is a `jwt` when it is one.
    static func looks(of value: [UInt8]) -> SecretKind? {
        var looks: SecretKind?
        SecretShapes(includesEmail: false).find(in: value) { kind, range in if range == value.indices { looks = kind } }
        return looks
    }

    // MARK: Base64

    private func base64(_ text: DecodedText, depth: Int, _ findings: inout [Finding]) {
        let bytes = text.bytes
        var start = 0
        for at in 0...bytes.count {
            let byte = at < bytes.count ? bytes[at] : 0
            if SecretShapes.isBase64(byte) || SecretShapes.isBase64URL(byte) { continue }
            if at - start >= Self.shortestBase64 { base64(run: start..<at, text, depth: depth, &findings) }
            start = at + 1
        }
    }

    private func base64(run: Range<Int>, _ text: DecodedText, depth: Int, _ findings: inout [Finding]) {
        // Where the text begins in the middle of a run, nobody knows where its groups of four begin.
        let shifts = run.lowerBound == 0 && run.count > 256 ? 0..<4 : 0..<1
        for shift in shifts {
            var inner: [Finding] = []
            let decoded = Base64Run.decode(text.bytes[(run.lowerBound + shift)..<run.upperBound])
            guard Base64Run.mayBeText(decoded) else { continue }
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
                findings.append(Finding(kind: finding.kind, value: finding.value, places: text.places(of: whole)))
            }
        }
    }

    // MARK: --redact-path

    private func paths(_ text: DecodedText, _ findings: inout [Finding]) {
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
    static func decode(_ run: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(run.count * 3 / 4)
        var (word, bits): (UInt32, Int) = (0, 0)
        for letter in run {
            word = word << 6 | value(of: letter)
            bits += 6
            guard bits >= 8 else { continue }
            bits -= 8
            bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(bits)))
        }
        return bytes
    }

    private static func value(of letter: UInt8) -> UInt32 {
        switch letter {
        case 0x41...0x5A: UInt32(letter - 0x41)
        case 0x61...0x7A: UInt32(letter - 0x61 + 26)
        case 0x30...0x39: UInt32(letter - 0x30 + 52)
        case 0x2B, 0x2D: 62
        default: 63
        }
    }

    /// Whether somebody encoded a text: a word that only looks like base64 decodes to noise.
    static func mayBeText(_ bytes: [UInt8]) -> Bool {
        var readable = 0
        for byte in bytes where byte >= 0x20 && byte < 0x7F { readable += 1 }
        if readable * 10 >= bytes.count * 6 { return true }
        guard let last = bytes.lastIndex(where: { $0 < 0x80 }) else { return false }
        return String(validating: bytes[...last], as: UTF8.self) != nil
    }
}
