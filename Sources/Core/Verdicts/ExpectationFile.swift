import JSON
import Fields
import Time

/// `{"expect": […]}`: contract section 7.
package enum ExpectationFile {
    /// The expectations, or every mistake. `known` is what the library has; without it no `match` is refused as impossible.
    package static func read(
        _ bytes: [UInt8], fileName: String, known: KnownNames? = nil
    ) -> ([Expectation], [Mistake]) {
        let list = MistakeList()
        var expectations: [Expectation] = []
        do throws(SyntaxError) {
            let root = try Node.parse(bytes, Options(comments: true, trailingCommas: true))
            Duplicates.note(in: root, path: .top, list)
            if var fields = FieldReader(root, path: .top, list) { expectations = read(&fields, known) }
        } catch {
            list.add(error.message, at: error.offset, path: .top)
        }
        let mistakes = list.mistakes(file: fileName, bytes: bytes)
        return (mistakes.isEmpty ? expectations : [], mistakes)
    }

    private static func read(_ fields: inout FieldReader, _ known: KnownNames?) -> [Expectation] {
        _ = fields.text("$schema")
        let waits = fields.duration("within")
        guard fields.required("expect") != nil else {
            fields.finish()
            return []
        }
        var tripRule: BreakerPolicy?
        let trip = fields.node["expect"]?.array?.lazy.compactMap { $0["breaker"] }.first
        if let trip { tripRule = BreakerPolicy.quietly(trip) }
        var expectations =
            fields.list("expect") { (entry: inout FieldReader) in read(entry: &entry, known, tripRule) } ?? []
        if fields.node["expect"]?.array?.isEmpty == true {
            fields.refuse("expect", "the list is empty", hint: "name at least one expectation")
        }
        fields.finish()
        for place in expectations.indices where expectations[place].waits == nil {
            expectations[place].waits = waits?.inSeconds
        }
        return expectations
    }

    private static func read(
        entry: inout FieldReader, _ known: KnownNames?, _ tripRule: BreakerPolicy?
    ) -> Expectation? {
        let name = entry.text("name", .notEmpty)
        let waits = entry.duration("within")
        let kinds = ExpectationKind.catalogue.filter { entry.has($0.word) }
        guard let kind = kinds.first else {
            let words = ExpectationKind.catalogue.map(\.word)
            let others = entry.others.map(\.name)
            for other in entry.others { _ = entry.field(other.name) }
            let near = others.lazy.compactMap { NearName.hint(for: $0, among: words) }.first
            entry.refuse("there is no expectation here", hint: near ?? "there are \(words.joined(separator: ", "))")
            return nil
        }
        for second in kinds.dropFirst() {
            _ = entry.field(second.word)
            entry.refuse(second.word, "this entry is a \"\(kind.word)\" already", hint: "make it an entry of its own")
        }
        var reader = ExpectationReader(kind: kind, known: known, tripRule: tripRule, fields: entry)
        guard let makers = reader.read(&entry) else { return nil }
        return Expectation(
            name: name ?? kind.word, kind: kind.word, by: reader.by, match: reader.match, wanted: reader.wanted,
            waits: waits?.inSeconds, countsNone: kind.countsNone,
            hearsIssuer: kind.hearsIssuer, makers: makers)
    }
}

/// Reads one expectation: what all of them take, and for its kind what it alone takes.
struct ExpectationReader {
    let kind: ExpectationKind
    let known: KnownNames?
    /// The first breaker of the same file: what `quiet` means by a trip.
    let tripRule: BreakerPolicy?
    var by: CallerKind
    var match = CallMatch.everything
    var wanted = Wanted()
    /// The parameters; of a kind that is a list, the entry around it.
    var fields: FieldReader

    init(kind: ExpectationKind, known: KnownNames?, tripRule: BreakerPolicy?, fields: FieldReader) {
        self.kind = kind
        self.known = known
        self.tripRule = tripRule
        by = kind.by
        self.fields = fields
    }

    mutating func read(_ entry: inout FieldReader) -> (@Sendable () -> JudgeMaker)? {
        guard let node = entry.field(kind.word) else { return nil }
        if node.array != nil {
            fields = entry
            readCommon()
            let makers = kind.read(&self)
            entry = fields
            return makers
        }
        guard let inner = FieldReader(node, path: entry.path.appending(kind.word), entry.mistakes) else { return nil }
        fields = inner
        readCommon()
        let makers = kind.read(&self)
        fields.finish()
        return makers
    }

    private mutating func readCommon() {
        let known = known
        match = fields.object("match") { CallMatch.read(&$0, known) } ?? .everything
        guard let text = fields.text("by") else { return }
        if let found = Self.caller(text) {
            by = found
            if case .header(let name) = found { wanted.headers.insert(name) }
        } else {
            fields.refuse(
                "by", "\(TextCheck.quoted(text)) tells no callers apart",
                hint: "there are \(CallerKind.words.joined(separator: ", "))")
        }
    }

    private static func caller(_ text: String) -> CallerKind? {
        switch text {
        case "agent": .agent
        case "principal": .principal
        case "user": .user
        case "none": .some(.none)
        default: headerName(text).map { .header($0) }
        }
    }

    /// Of `header:NAME`, in lower case.
    static func headerName(_ text: String) -> String? {
        guard text.hasPrefix("header:") else { return nil }
        let name = String(text.dropFirst(7))
        return TextCheck.headerName.problem(name) == nil ? name.lowercased() : nil
    }
}
