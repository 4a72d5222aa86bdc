import Bytes

/// The files that AWS programs share: `[profile]` and `key = value` below it. In the config file the section of a profile
/// is `[profile name]`, but for `[default]`.
package struct ProfileFile: Equatable, Sendable {
    private var sections: [String: [String: String]] = [:]

    package init(_ bytes: [UInt8]) {
        var section: String?
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            // A setting of a nested section is indented; none of them is asked for.
            let isNested = line.first == 0x20 || line.first == 0x09
            let text = Self.trimmed(String(lossy: line))
            if text.isEmpty || text.hasPrefix("#") || text.hasPrefix(";") || isNested { continue }
            if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
                let words = text[..<end].dropFirst().split(separator: " ").map(String.init)
                section = words.count == 2 && words[0] == "profile" ? words[1] : words.joined(separator: " ")
            } else if let section, let equals = text.firstIndex(of: "=") {
                let value = Self.trimmed(String(text[text.index(after: equals)...]))
                sections[section, default: [:]][Self.trimmed(String(text[..<equals])).lowercased()] = value
            }
        }
    }

    /// Nil for what is not there, or is empty.
    package func value(_ key: String, of profile: String) -> String? {
        sections[profile]?[key].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func trimmed(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard let first = bytes.firstIndex(where: { $0 > 0x20 }), let last = bytes.lastIndex(where: { $0 > 0x20 })
        else { return "" }
        return String(lossy: bytes[first...last])
    }
}

/// A command line as a shell would split it, without anything else that a shell does: what `credential_process` holds.
package enum CommandWords {
    /// Nil when a quote is not closed.
    package static func split(_ text: String) -> [String]? {
        var words: [String] = []
        var word: [UInt8]?
        var quote: UInt8?
        var bytes = text.utf8.makeIterator()
        while let byte = bytes.next() {
            switch (quote, byte) {
            case (UInt8(ascii: "'")?, UInt8(ascii: "'")), (UInt8(ascii: "\"")?, UInt8(ascii: "\"")): quote = nil
            case (nil, UInt8(ascii: "'")), (nil, UInt8(ascii: "\"")):
                quote = byte
                word = word ?? []
            case (UInt8(ascii: "\"")?, UInt8(ascii: "\\")), (nil, UInt8(ascii: "\\")):
                guard let next = bytes.next() else { return nil }
                word = (word ?? []) + [next]
            case (nil, 0x20), (nil, 0x09):
                if let whole = word { words.append(String(lossy: whole)) }
                word = nil
            default: word = (word ?? []) + [byte]
            }
        }
        if let whole = word { words.append(String(lossy: whole)) }
        return quote == nil ? words : nil
    }
}
