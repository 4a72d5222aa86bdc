// Rules.  A reader that is given an outline in place of an object reads nothing, and notes what it would have read: which
//         fields, of which kind, which of them have to be there. So the schema of a file is told by the very code that
//         reads the file, and cannot differ from it.
// Theory. While it is outlined, every field counts as asked for and none has a value: whatever chooses between kinds by
//         what stands there goes through all of them. What is noted of a field later is more precise than "anything".

/// What a reader takes: an object's fields, told by the reader itself.
package final class Outline {
    package enum Kind {
        case anything
        /// One of these words, or any text that passes its check.
        case text(among: [String]?)
        case duration
        case integer(ClosedRange<Int>)
        case share
        case bool
        case texts(among: [String]?)
        case list(Outline)
        case object(Outline)
    }

    package struct Field {
        package let name: String
        /// Several for what can be written in several ways.
        package fileprivate(set) var kinds: [Kind]
        package fileprivate(set) var isNeeded = false
    }

    /// In the order in which they are read. `others` stands for any name that no other field has.
    package private(set) var fields: [Field] = []
    /// For an object that is one of several: the word in `name` says which, and brings fields of its own.
    package private(set) var variants: [(name: String, word: String, outline: Outline)] = []
    /// Fields of which one has to be there, and no second.
    package private(set) var alternatives: [String] = []
    package static let others = "*"

    package init() {}

    fileprivate func note(_ name: String, _ kind: Kind) {
        guard let place = fields.firstIndex(where: { $0.name == name }) else {
            return fields.append(Field(name: name, kinds: [kind]))
        }
        if case .anything = kind { return }
        if case .anything? = fields[place].kinds.first { fields[place].kinds = [] }
        fields[place].kinds.append(kind)
    }

    fileprivate func need(_ name: String) {
        guard let place = fields.firstIndex(where: { $0.name == name }) else { return }
        fields[place].isNeeded = true
    }

    fileprivate func choose(among names: [String]) { alternatives = names }

    fileprivate func add(variant name: String, _ word: String, _ outline: Outline) {
        variants.append((name, word, outline))
    }
}

extension FieldReader {
    /// A reader that notes what it is asked for.
    package init(outlining outline: Outline) {
        self.init([], path: .top, MistakeList())
        self.outline = outline
    }

    package var isOutlining: Bool { outline != nil }

    /// Says of what kind a field is. `field` alone says nothing of it.
    package func note(_ name: String, _ kind: Outline.Kind) { outline?.note(name, kind) }

    /// One of these fields is there, and only one.
    package func noteChoice(_ names: [String]) { outline?.choose(among: names) }

    func noteNeed(_ name: String) { outline?.need(name) }

    func noteInner<Item>(_ name: String, isList: Bool, _ read: (inout FieldReader) -> Item?) {
        guard let outline else { return }
        let inner = Outline()
        var reader = FieldReader(outlining: inner)
        _ = read(&reader)
        outline.note(name, isList ? .list(inner) : .object(inner))
    }

    /// What is read besides where the field is this word; for outlines only.
    package func noteVariant(_ name: String, _ word: String, _ read: (inout FieldReader) -> Void) {
        guard let outline else { return }
        let inner = Outline()
        var reader = FieldReader(outlining: inner)
        read(&reader)
        outline.add(variant: name, word, inner)
    }
}
