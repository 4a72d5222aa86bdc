import JSON
import Fields
import Time

/// Reads the parameters of one fault and notes every mistake. A parameter that is asked for is one that may stand there;
/// `finish` refuses the others.
struct ParameterReader {
    private let members: [Value.Member]
    private let place: [String]
    private(set) var mistakes: [FaultMistake] = []
    private var known: [String] = []

    init(_ members: [Value.Member], at place: [String]) {
        self.members = members
        self.place = place
    }

    mutating func refuse(_ message: String, hint: String? = nil) {
        mistakes.append(FaultMistake(place, message, hint: hint))
    }

    mutating func refuse(_ name: String, _ message: String, hint: String? = nil) {
        mistakes.append(FaultMistake(place + [name], message, hint: hint))
    }

    func has(_ name: String) -> Bool { members.contains { $0.name == name } }

    mutating func value(_ name: String) -> Value? {
        if !known.contains(name) { known.append(name) }
        return members.first { $0.name == name }?.value
    }

    /// Notes what does not belong to the fault of this name.
    mutating func finish(_ owner: String) {
        let words = known.map { "\"\($0)\"" }.joined(separator: ", ")
        for member in members where !known.contains(member.name) {
            refuse(
                member.name, "\(Excerpt.of(.string(member.name))) is no parameter of \(owner)",
                hint: NearName.hint(for: member.name, among: known)
                    ?? (known.isEmpty ? "it takes none" : "it takes \(words)"))
        }
    }

    // MARK: Kinds

    mutating func text(_ name: String) -> String? {
        guard let value = value(name) else { return nil }
        if value.text == nil { refuseKind(name, value, "a string") }
        return value.text
    }

    mutating func bool(_ name: String) -> Bool? {
        guard let value = value(name) else { return nil }
        if value.bool == nil { refuseKind(name, value, "true or false") }
        return value.bool
    }

    mutating func integer(_ name: String, _ range: ClosedRange<Int>) -> Int? {
        guard let value = value(name) else { return nil }
        guard case .number = value else {
            refuseKind(name, value, "a whole number")
            return nil
        }
        guard let number = value.integer, range.contains(number) else {
            let bound =
                range.upperBound == .max
                ? "from \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
            refuse(name, "\(Excerpt.of(value)) is not a whole number \(bound)")
            return nil
        }
        return number
    }

    /// A number above 0, up to 1.
    mutating func chance(_ name: String) -> Double? {
        guard let value = value(name) else { return nil }
        guard let number = value.double, (0...1).contains(number) else {
            refuse(name, "\(Excerpt.of(value)) is not a number from 0 to 1")
            return nil
        }
        guard number > 0 else {
            refuse(name, "with a chance of 0 it can never strike")
            return nil
        }
        return number
    }

    mutating func duration(_ name: String) -> Duration? {
        guard let text = text(name) else { return nil }
        guard let duration = Duration(text: text) else {
            refuse(
                name, "\(Excerpt.of(.string(text))) is not a duration",
                hint: "durations are written \"250ms\", \"1.5s\", \"15m\", \"8h\"")
            return nil
        }
        guard duration.nanoseconds <= Distribution.longest else {
            refuse(name, "\(Excerpt.of(.string(text))) is longer than a year")
            return nil
        }
        return duration
    }

    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, of kind: Choice.Type
    ) -> Choice? {
        guard let text = text(name) else { return nil }
        if let choice = kind.init(rawValue: text) { return choice }
        let words = kind.allCases.map(\.rawValue)
        refuse(
            name, "\(Excerpt.of(.string(text))) is not one of \(words.joined(separator: ", "))",
            hint: NearName.hint(for: text, among: words))
        return nil
    }

    /// An object with members of its own, all of them known to `read`.
    mutating func object<Item>(_ name: String, _ read: (inout ParameterReader) -> Item?) -> Item? {
        guard let value = value(name) else { return nil }
        guard let members = value.members else {
            refuseKind(name, value, "an object")
            return nil
        }
        var reader = ParameterReader(members, at: place + [name])
        let item = read(&reader)
        reader.finish("\"\(name)\"")
        mistakes += reader.mistakes
        return item
    }

    /// A parameter that has to be there; `read` takes it.
    mutating func required<Item>(
        _ name: String, _ read: (inout ParameterReader, String) -> Item?
    ) -> Item? {
        if !has(name) { refuse("\"\(name)\" is missing") }
        return read(&self, name)
    }

    private mutating func refuseKind(_ name: String, _ value: Value, _ expected: String) {
        var hint: String?
        if case .number(let literal) = value, expected == "a string" { hint = "write it in quotes: \"\(literal)\"" }
        refuse(name, "expected \(expected), found \(value.kind)", hint: hint)
    }
}
