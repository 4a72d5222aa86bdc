import Bytes
import JSON
import Rules

/// Whether a recording still holds a secret. It shares no code with what took them out, so that one mistake does not hide
/// behind itself: here nothing has to be replaced, so texts are simply undone and read, word by word.
package struct FinalScan {
    /// What is still there and where: never the secret itself.
    package struct Remainder: Equatable, Sendable, CustomStringConvertible {
        package var kind: String
        /// `the body of the request of call 3`.
        package var place: String
        package var description: String { "\(kind) in \(place)" }
    }

    private static let window = 1 << 20
    private static let overlap = 65_536
    private static let rounds = 3

    private var rules: SecretRules
    /// What was found while recording, to be found again in any form.
    private let known: KnownSecrets
    package private(set) var remainders: [Remainder] = []

    /// Texts that look like a secret and are none.
    package var spared: [String] {
        get { rules.spared }
        set { rules.spared = newValue }
    }

    package init(rules: SecretRules, known: KnownSecrets) { (self.rules, self.known) = (rules, known) }

    package mutating func scan(field name: String, _ value: String, place: String) {
        if FieldCheck(name: name, value: value).holdsSecret { note("the field \(name)", place) }
        scan(Array(value.utf8), isEventStream: false, place: place)
    }

    /// A body, or the frames of an answer in a row.
    package mutating func scan(_ bytes: [UInt8], isEventStream: Bool, place: String) {
        var start = 0
        repeat {
            let end = min(bytes.count, start + Self.window)
            scan(part: Array(bytes[start..<end]), isEventStream: isEventStream, place: place)
            start = end == bytes.count ? end : end - Self.overlap
        } while start < bytes.count
    }

    /// What one side of a conversation said: each message by itself, and all of them in a row.
    package mutating func scan(messages: [[UInt8]], place: String) {
        for message in messages { scan(message, isEventStream: false, place: place) }
        guard messages.count > 1 else { return }
        scan(Array(messages.joined()), isEventStream: false, place: place)
        read(texts: Self.said(in: messages), place)
    }

    /// A body in a content coding: what it stands for, or that nobody can say.
    package mutating func scan(_ body: CodedBody, isEventStream: Bool, place: String) {
        switch body.reading {
        case .decoded(let pieces): scan(Array(pieces.joined()), isEventStream: isEventStream, place: place)
        case .unreadable(let reason): note("what cannot be looked through, as it \(reason),", place)
        }
    }

    private mutating func note(_ kind: String, _ place: String) {
        let remainder = Remainder(kind: kind, place: place)
        if !remainders.contains(remainder) { remainders.append(remainder) }
    }

    private mutating func scan(part: [UInt8], isEventStream: Bool, place: String) {
        read(texts: isEventStream ? [part] + Self.said(by: part) : [part], place)
    }

    private mutating func read(texts: [[UInt8]], _ place: String) {
        var texts = texts
        for _ in 0...Self.rounds {
            var inner: [[UInt8]] = []
            for text in texts {
                read(text, place)
                inner += Undoing.all(of: text)
            }
            texts = inner
        }
    }

    private mutating func read(_ text: [UInt8], _ place: String) {
        for (kind, beginning, check) in Self.shapes where Self.holds(text, beginning, check) { note(kind, place) }
        if Self.holdsSecretKey(text), !spares(text) { note("aws-key", place) }
        if rules.includesEmail, Self.holdsEmail(text) { note("email", place) }
        for pattern in rules.patterns where pattern.expression.matches(String(lossy: text)) {
            note(pattern.kind.word, place)
        }
        var again: Set<SecretKind> = []
        known.find(in: text.span) { secret, _ in again.insert(secret.kind) }
        for kind in again { note(kind.word, place) }
        named(text, place)
        for part in MultipartCheck.parts(of: text) where part.name.count > 3 && SecretName.matches(part.name.span) {
            if isSecret(Substring(String(lossy: part.content)), under: part.name[...]) {
                note(Self.kind(of: part.name[...]), place)
            }
        }
    }

    private func spares(_ text: [UInt8]) -> Bool {
        rules.spared.contains { ByteSearch.first($0.utf8.span, in: text.span, from: 0) != nil }
    }

    // MARK: By looks

    private static let shapes: [(String, StaticString, @Sendable (ArraySlice<UInt8>) -> Bool)] = [
        ("jwt", "eyJ", { parts(of: $0, least: [8, 4]) }),
        ("aws-key", "AKIA", { isAccessKey($0) }), ("aws-key", "ASIA", { isAccessKey($0) }),
        ("token", "IQoJb3JpZ2lu", { $0.prefix(32).allSatisfy { $0 > 0x20 && $0 != 0x22 } && $0.count >= 32 }),
        ("token", "FwoGZXIvYXdz", { $0.prefix(32).allSatisfy { $0 > 0x20 && $0 != 0x22 } && $0.count >= 32 }),
    ]

    private static func holds(_ text: [UInt8], _ beginning: StaticString, _ check: (ArraySlice<UInt8>) -> Bool) -> Bool
    {
        let word = [UInt8](UnsafeBufferPointer(start: beginning.utf8Start, count: beginning.utf8CodeUnitCount))
        var start = 0
        while let found = ByteSearch.first(word.span, in: text.span, from: start) {
            let isInWord = word[0] == UInt8(ascii: "A") && found > 0 && isAlphanumeric(text[found - 1])
            if !isInWord, check(text[found...]) { return true }
            start = found + 1
        }
        return false
    }

    private static func parts(of text: ArraySlice<UInt8>, least: [Int]) -> Bool {
        let token = text.prefix(65_536).prefix { isAlphanumeric($0) || $0 == 0x2D || $0 == 0x5F || $0 == 0x2E }
        let parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count >= least.count && zip(parts, least).allSatisfy { $0.count >= $1 }
    }

    private static func isAccessKey(_ text: ArraySlice<UInt8>) -> Bool {
        let word = text.prefix(21).prefix(while: isAlphanumeric)
        return word.count == 20 && !word.contains { $0 > 0x5A }
    }

    private static func holdsSecretKey(_ text: [UInt8]) -> Bool {
        text.split { !(isAlphanumeric($0) || "+/=-_.%\\".utf8.contains($0)) }.contains { word in
            // A name may stand before it: `SecretAccessKey=…`.
            let word = word.split(separator: UInt8(ascii: "="), maxSplits: 1).last ?? word
            return word.count == 40 && Set(word).count >= 18 && !word.contains { "=-_.%\\".utf8.contains($0) }
                && word.contains { $0 &- 0x41 < 26 } && word.contains { $0 &- 0x61 < 26 } && word.contains { $0 < 0x41 }
        }
    }

    private static func holdsEmail(_ text: [UInt8]) -> Bool {
        text.split { $0 <= 0x20 || "<>\"'(),;:\\/=&".utf8.contains($0) || $0 >= 0x7F }.contains { word in
            guard let at = word.firstIndex(of: UInt8(ascii: "@")), at > word.startIndex else { return false }
            let domain = word[(at + 1)...].prefix { isAlphanumeric($0) || $0 == 0x2D || $0 == 0x2E }
            let labels = domain.split(separator: UInt8(ascii: "."))
            let before = word[at - 1]
            return labels.count >= 2 && domain.first != UInt8(ascii: ".")
                && (isAlphanumeric(before) || "_%+-".utf8.contains(before) || before == UInt8(ascii: "."))
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool { ASCII.isLetter(byte) || ASCII.isDigit(byte) }

    // MARK: By name

    /// Words that name secrets, and what stands behind them and a colon or an equals sign.
    private mutating func named(_ text: [UInt8], _ place: String) {
        var at = 0
        while at < text.count {
            let start = at
            while at < text.count, Self.isAlphanumeric(text[at]) || text[at] == 0x2D || text[at] == 0x5F { at += 1 }
            if at - start > 3, at - start <= 64, SecretName.matches(text[start..<at].span),
                let value = value(text, behind: at, after: start > 0 ? text[start - 1] : nil),
                isSecret(value, under: text[start..<at])
            {
                note(Self.kind(of: text[start..<at]), place)
            }
            at += 1
        }
    }

    private func value(_ text: [UInt8], behind end: Int, after before: UInt8?) -> Substring? {
        var rest = text[end...].prefix(65_536)
        let isQuoted = before == UInt8(ascii: "\"") || before == UInt8(ascii: "'")
        if isQuoted {
            guard rest.first == before else { return nil }
            rest = rest.dropFirst().drop { $0 <= 0x20 }
            guard rest.first == UInt8(ascii: ":") else { return nil }
            rest = rest.dropFirst().drop { $0 <= 0x20 || $0 == UInt8(ascii: "[") && rest.count > 1 }
            guard let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
            return Substring(String(lossy: rest.dropFirst().prefix { $0 != quote && $0 != UInt8(ascii: "\n") }))
        }
        let begins = before == nil || before == UInt8(ascii: "?") || before == UInt8(ascii: "&")
        guard begins, rest.first == UInt8(ascii: "=") else { return nil }
        return Substring(String(lossy: rest.dropFirst().prefix { $0 > 0x20 && !"&#\"'<>;\\,)}".utf8.contains($0) }))
    }

    private func isSecret(_ value: Substring, under name: ArraySlice<UInt8>) -> Bool {
        var value = value
        for scheme in ["Bearer ", "bearer ", "Basic ", "basic "] where value.hasPrefix(scheme) {
            value = value.dropFirst(scheme.count)
        }
        // What begins with a bracket is a pseudonym, or a list that was looked into already.
        if value.isEmpty || value.hasPrefix("[") { return false }
        let kind = Self.kind(of: name)
        guard kind == "token" else { return true }
        let letters = name.filter { $0 != 0x2D && $0 != 0x5F }
        if letters.count == 4 { return false }
        let isWord = [5, 9, 13].contains(letters.count)
        return isWord ? Self.mayBeSecret(value) : value.utf8.count >= 4 && !value.contains(" ")
    }

    private static func mayBeSecret(_ text: Substring) -> Bool {
        text.utf8.count >= 6 && !text.utf8.contains { $0 <= 0x20 || $0 >= 0x7F || $0 == UInt8(ascii: "=") }
            && (text.utf8.count >= 20 || text.utf8.contains(where: ASCII.isDigit))
    }

    private static func kind(of name: ArraySlice<UInt8>) -> String {
        let letters = String(lossy: name.filter { $0 != 0x2D && $0 != 0x5F }.map { $0 | 0x20 })
        if letters.hasSuffix("password") { return "password" }
        if letters.hasSuffix("cookie") { return "cookie" }
        return letters.hasSuffix("accesskey") || letters.hasSuffix("secretkey") ? "aws-key" : "token"
    }

    // MARK: Events

    /// What the events say in a row: their data as it is, and the strings at each place of their JSON.
    private static func said(by stream: [UInt8]) -> [[UInt8]] {
        said(
            in: stream.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).filter { $0.starts(with: "data:".utf8) }.map
            {
                let data = $0.dropFirst(5)
                return Array(data.first == 0x20 ? data.dropFirst() : data)
            })
    }

    private static func said(in texts: [[UInt8]]) -> [[UInt8]] {
        var raw: [UInt8] = []
        var strings: [String: [UInt8]] = [:]
        for text in texts {
            do throws(SyntaxError) {
                collect(try Value.parse(text), "", &strings)
            } catch {
                raw += text
            }
        }
        return [raw] + strings.values
    }

    private static func collect(_ value: Value, _ place: String, _ strings: inout [String: [UInt8]]) {
        switch value {
        case .string(let text): strings[place, default: []].append(contentsOf: text.utf8)
        case .array(let elements): for element in elements { collect(element, place + "[]", &strings) }
        case .object(let members): for member in members { collect(member.value, place + "." + member.name, &strings) }
        default: break
        }
    }
}
