/// What a command takes, told once: for the parser and for `--help`.
package struct Option: Sendable {
    package let name: String
    /// What stands for the value in the help; nil for a switch.
    package let value: String?
    package let help: String
    package let repeats: Bool

    package init(_ name: String, _ value: String? = nil, _ help: String, repeats: Bool = false) {
        self.name = name
        self.value = value
        self.help = help
        self.repeats = repeats
    }
}

/// The words after the command's name, read against its options.
package struct Arguments: Sendable {
    package private(set) var words: [String] = []
    /// What looks like an option and is none of the command's, without its dashes; a value of nil stood alone.
    package private(set) var others: [(name: String, value: String?)] = []
    private var values: [String: [String]] = [:]
    private let takesOthers: Bool

    package init(_ arguments: [String], options: [Option], takesOthers: Bool = false) throws(Failure) {
        self.takesOthers = takesOthers
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" {
                words.append(contentsOf: rest)
                return
            }
            guard !argument.isEmpty else { throw .usage("one of the words is empty") }
            guard argument.hasPrefix("-"), argument != "-", !Self.isNegative(argument) else {
                words.append(argument)
                continue
            }
            try read(argument, rest: &rest, options: options)
        }
    }

    private mutating func read(
        _ argument: String, rest: inout ArraySlice<String>, options: [Option]
    ) throws(Failure) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = parts[0] == "-h" ? "--help" : parts[0]
        guard let option = options.first(where: { $0.name == name }) else {
            if takesOthers, name.hasPrefix("--"), name.utf8.count > 2 {
                let next = parts.count == 2 ? parts[1] : rest.first.flatMap { $0.hasPrefix("--") ? nil : $0 }
                if parts.count == 1, next != nil { rest.removeFirst() }
                others.append((String(name.dropFirst(2)), next))
                return
            }
            throw .usage("unknown option \(name)\(Spelling.hint(for: name, among: options.map(\.name)))")
        }
        guard values[name] == nil || option.repeats else { throw .usage("\(name) is given twice") }
        guard let placeholder = option.value else {
            guard parts.count == 1 else { throw .usage("\(name) takes no value") }
            values[name] = [""]
            return
        }
        values[name, default: []].append(try value(of: name, placeholder, parts, rest: &rest))
    }

    /// `-5m` is a quantity, and no option begins with a digit.
    private static func isNegative(_ argument: String) -> Bool {
        argument.utf8.dropFirst().first.map { $0 &- 0x30 < 10 } == true
    }

    /// An option is not taken for a value, and an empty text, which an unset variable leaves, is none.
    private func value(
        of name: String, _ placeholder: String, _ parts: [String], rest: inout ArraySlice<String>
    ) throws(Failure) -> String {
        let isApart = parts.count == 1
        guard let value = isApart ? rest.first : parts[1], !value.isEmpty, !isApart || !value.hasPrefix("--") else {
            throw .usage("\(name) needs a value: \(name) \(placeholder)")
        }
        if isApart { rest.removeFirst() }
        return value
    }

    package func has(_ name: String) -> Bool { values[name] != nil }
    package func value(_ name: String) -> String? { values[name]?.last }
    package func all(_ name: String) -> [String] { values[name] ?? [] }

    package func integer(_ name: String, in range: ClosedRange<Int>) throws(Failure) -> Int? {
        guard let text = value(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .usage(
                "\(name) takes a whole number from \(range.lowerBound) to \(range.upperBound), not “\(text)”")
        }
        return number
    }

    /// Any 64 bits are a seed.
    package func seed(_ name: String) throws(Failure) -> UInt64? {
        guard let text = value(name) else { return nil }
        guard let seed = UInt64(text) else { throw .usage("\(name) takes a whole number from 0, not “\(text)”") }
        return seed
    }

    package func word(_ name: String, among words: [String]) throws(Failure) -> String? {
        guard let text = value(name) else { return nil }
        guard words.contains(text) else {
            throw .usage("\(name) takes \(words.joined(separator: " or ")), not “\(text)”")
        }
        return text
    }

    /// What can stand behind `Bearer`: no header field takes anything else (RFC 9110 5.5).
    package func token(_ name: String) throws(Failure) -> String? {
        guard let text = value(name) else { return nil }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .usage("\(name) takes visible ASCII characters without spaces")
        }
        return text
    }
}
