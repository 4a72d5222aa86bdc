import Bytes
import JSON
import Time

/// Reads the fields of one object and notes every mistake. A field that is asked for is a field that may stand there;
/// `finish` refuses the others.
package struct FieldReader {
    package let node: Node
    package let path: FieldPath
    package let mistakes: MistakeList
    private let members: [Node.Member]
    /// Where each name stands first, for an object with more members than are found faster by looking at each.
    private let places: [String: Int]?
    private var isAsked: [Bool]
    private var askedNames: [String] = []
    /// Whose parameters the fields are, where they are parameters: `"latency"`.
    private var owner: String?
    /// Set where the fields are to be told and not read.
    var outline: Outline?

    /// Nil, and noted, when the node is no object.
    package init?(_ node: Node, path: FieldPath, _ mistakes: MistakeList) {
        guard let members = node.members else {
            mistakes.add("expected an object, found \(node.kind)", at: node.offset, path: path)
            return nil
        }
        self.init(node, members, path, mistakes)
    }

    /// Of what stands in no file: the parameters of a header's text, a row's JSON.
    package init(_ members: [Value.Member], path: FieldPath, _ mistakes: MistakeList) {
        let node = Node(.object(members))
        self.init(node, node.members ?? [], path, mistakes)
    }

    private init(_ node: Node, _ members: [Node.Member], _ path: FieldPath, _ mistakes: MistakeList) {
        self.node = node
        self.path = path
        self.mistakes = mistakes
        self.members = members
        isAsked = [Bool](repeating: false, count: members.count)
        let numbered = members.count > 16 ? members.enumerated().map { ($1.name, $0) } : nil
        places = numbered.map { Dictionary($0, uniquingKeysWith: { first, _ in first }) }
    }

    /// From here on the fields are parameters of this owner, and what was asked for so far is none of them.
    package mutating func beginParameters(of owner: String) {
        self.owner = "\"\(owner)\""
        askedNames = []
    }

    private func place(of name: String) -> Int? {
        if let places { return places[name] }
        return members.firstIndex { $0.name == name }
    }

    /// Where a member of this name stands.
    package func path(of name: String) -> FieldPath { owner == nil ? path.appending(name) : .parameter(path, name) }

    package func refuse(_ message: String, hint: String? = nil) {
        mistakes.add(message, hint: hint, at: node.offset, path: path)
    }

    package func refuse(_ name: String, _ message: String, hint: String? = nil) {
        let offset = place(of: name).map { members[$0].node.offset } ?? node.offset
        mistakes.add(message, hint: hint, at: offset, path: path(of: name))
    }

    /// The same for a field of an object in it that was read.
    package func refuse(_ name: String, _ inner: String, _ message: String) {
        let object = place(of: name).map { members[$0].node }
        let offset = (object?[inner] ?? object ?? node).offset
        mistakes.add(message, at: offset, path: path(of: name).appending(inner))
    }

    package func has(_ name: String) -> Bool { isOutlining || place(of: name) != nil }

    /// The field, marked as known.
    package mutating func field(_ name: String) -> Node? {
        note(name, .anything)
        askedNames.append(name)
        guard let place = place(of: name) else { return nil }
        isAsked[place] = true
        return members[place].node
    }

    /// A field that has to be there.
    package mutating func required(_ name: String) -> Node? {
        let found = field(name)
        noteNeed(name)
        if isOutlining { return Node(.null) }
        if found == nil { refuse("\"\(name)\" is missing") }
        return found
    }

    /// Members whose name nobody asked for: an entry's own words.
    package var others: [Node.Member] {
        if isOutlining { return Node(.object([Value.Member(Outline.others, .null)])).members ?? [] }
        return members.indices.filter { !isAsked[$0] }.map { members[$0] }
    }

    /// Notes the unknown fields.
    package func finish() {
        guard isAsked.contains(false) else { return }
        var seen: Set<String> = []
        let names = askedNames.filter { seen.insert($0).inserted }
        for member in others where !seen.contains(member.name) {
            let near = NearName.hint(for: member.name, among: names)
            if let owner {
                let words = names.map { "\"\($0)\"" }.joined(separator: ", ")
                mistakes.add(
                    "\(Excerpt.of(.string(member.name))) is no parameter of \(owner)",
                    hint: near ?? (names.isEmpty ? "it takes none" : "it takes \(words)"), at: member.node.offset,
                    path: path(of: member.name))
            } else {
                let known = names.isEmpty ? nil : "there are \(names.joined(separator: ", "))"
                mistakes.add(
                    "\"\(member.name)\" is not known here", hint: near ?? known, at: member.nameOffset,
                    path: path(of: member.name))
            }
        }
    }

    package func refuseKind(_ name: String, _ node: Node, expected: String, hint: String? = nil) {
        mistakes.add("expected \(expected), found \(node.kind)", hint: hint, at: node.offset, path: path(of: name))
    }
}

/// Fields of one kind. Each is nil where the field is absent, or noted as a mistake.
extension FieldReader {
    package mutating func text(_ name: String, _ check: TextCheck? = nil) -> String? {
        note(name, .text(among: check?.words))
        return checkedText(name, check)
    }

    private mutating func checkedText(_ name: String, _ check: TextCheck?) -> String? {
        guard let node = field(name) else { return nil }
        guard let text = node.text else {
            var hint: String?
            if case .number(let literal) = node.content { hint = "write it in quotes: \"\(literal)\"" }
            refuseKind(name, node, expected: "a string", hint: hint)
            return nil
        }
        guard let problem = check?.problem(text) else { return text }
        refuse(name, problem.message, hint: problem.hint)
        return nil
    }

    package mutating func requiredText(_ name: String, _ check: TextCheck? = nil) -> String? {
        required(name) { $0.text($1, check) }
    }

    package mutating func integer(_ name: String, _ range: ClosedRange<Int>) -> Int? {
        note(name, .integer(range))
        guard let node = field(name) else { return nil }
        guard case .number(let literal) = node.content else {
            refuseKind(name, node, expected: "a whole number")
            return nil
        }
        guard let number = Int(literal), range.contains(number) else {
            let bound =
                range.upperBound == Int.max
                ? "from \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
            refuse(name, "\(Excerpt.of(.number(literal))) is not a whole number \(bound)")
            return nil
        }
        return number
    }

    /// A number from 0 to 1.
    package mutating func share(_ name: String) -> Double? {
        note(name, .share)
        guard let node = field(name) else { return nil }
        guard case .number(let literal) = node.content else {
            refuseKind(name, node, expected: "a number from 0 to 1")
            return nil
        }
        guard let number = node.double, (0...1).contains(number) else {
            refuse(name, "\(Excerpt.of(.number(literal))) is not from 0 to 1")
            return nil
        }
        return number
    }

    package mutating func bool(_ name: String) -> Bool? {
        note(name, .bool)
        guard let node = field(name) else { return nil }
        if node.bool == nil { refuseKind(name, node, expected: "true or false") }
        return node.bool
    }

    package mutating func duration(_ name: String) -> Duration? {
        note(name, .duration)
        guard let text = checkedText(name, .duration) else { return nil }
        return Duration(text: text)
    }

    package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, of kind: Choice.Type
    ) -> Choice? {
        let words = kind.allCases.map(\.rawValue)
        return text(name, .oneOf(words)).flatMap { kind.init(rawValue: $0) }
    }

    /// A list of texts, each of which passes the check.
    package mutating func texts(_ name: String, atLeast least: Int = 0, _ check: TextCheck? = nil) -> [String]? {
        note(name, .texts(among: check?.words))
        guard let node = field(name) else { return nil }
        guard let elements = node.array else {
            refuseKind(name, node, expected: "a list of strings")
            return nil
        }
        if elements.count < least { refuse(name, "the list is empty", hint: "leave it out, or name at least one") }
        var texts: [String] = []
        for (index, element) in elements.enumerated() {
            let place = path(of: name).appending(index)
            guard let text = element.text else {
                mistakes.add("expected a string, found \(element.kind)", at: element.offset, path: place)
                continue
            }
            if let problem = check?.problem(text) {
                mistakes.add(problem.message, hint: problem.hint, at: element.offset, path: place)
            }
            texts.append(text)
        }
        return texts
    }

    /// A list of objects, each read by `read`; those that could not be read are left out, and noted.
    package mutating func list<Item>(_ name: String, _ read: (inout FieldReader) -> Item?) -> [Item]? {
        noteInner(name, isList: true, read)
        guard let node = field(name) else { return nil }
        guard let elements = node.array else {
            refuseKind(name, node, expected: "a list")
            return nil
        }
        let path = path(of: name)
        return elements.enumerated().compactMap { index, element in
            Self.object(element, path.appending(index), mistakes, read)
        }
    }

    package mutating func object<Item>(_ name: String, _ read: (inout FieldReader) -> Item?) -> Item? {
        noteInner(name, isList: false, read)
        guard let node = field(name), var reader = FieldReader(node, path: path(of: name), mistakes) else { return nil }
        if owner != nil { reader.beginParameters(of: name) }
        let item = read(&reader)
        reader.finish()
        return item
    }

    private static func object<Item>(
        _ node: Node, _ path: FieldPath, _ mistakes: MistakeList, _ read: (inout FieldReader) -> Item?
    ) -> Item? {
        guard var reader = FieldReader(node, path: path, mistakes) else { return nil }
        let item = read(&reader)
        reader.finish()
        return item
    }

    /// A field that has to be there; `read` takes it.
    package mutating func required<Item>(_ name: String, _ read: (inout FieldReader, String) -> Item?) -> Item? {
        if !has(name) { refuse("\"\(name)\" is missing") }
        defer { noteNeed(name) }
        return read(&self, name)
    }

    /// A field that is written in several ways, of which each has a kind of its own.
    package mutating func either<Item>(
        _ name: String, expected: String, text: ((inout FieldReader) -> Item?)? = nil,
        number: ((inout FieldReader) -> Item?)? = nil,
        list: ((inout FieldReader) -> Item?)? = nil, object: ((inout FieldReader) -> Item?)? = nil
    ) -> Item? {
        guard let node = field(name) else {
            if isOutlining { for case let way? in [text, number, list, object] { _ = way(&self) } }
            return nil
        }
        var way: ((inout FieldReader) -> Item?)?
        switch node.content {
        case .object: way = object
        case .array: way = list
        case .string: way = text
        case .number: way = number
        case .bool, .null: break
        }
        if let way { return way(&self) }
        refuseKind(name, node, expected: expected)
        return nil
    }
}
