import Bytes
import Fields
import JSON
import Library

// Theory. `latency; delay=2s, reset; at=frame 3`: faults with commas, parameters with semicolons, as RFC 9110 5.6.6 writes
//         parameters. A value without quotes is a number, true, false or a text, as it looks; in quotes it is a text.
//         `lognormal.median=1s` is the member of an object. A name alone is true.

/// Faults as a person types them: in a call's header, and behind `understudy fault add`.
package enum FaultText {
    /// The faults that the text names. It is not read on when there are more.
    package static func read(_ text: String, atMost most: Int) throws(Mistake) -> [FaultEntry] {
        var reader = FaultTextReader(rest: Array(text.utf8)[...])
        var entries: [FaultEntry] = []
        repeat { entries.append(try reader.fault()) } while entries.count <= most && reader.take(UInt8(ascii: ","))
        if entries.count <= most { try reader.expectEnd() }
        return entries
    }

    /// One fault in this spelling: reading it gives the same members. Nil when it cannot be spelt: a list, an empty
    /// object, a name that is no token.
    package static func write(_ fault: Value) -> String? {
        guard let word = fault["fault"]?.text, isToken(word) else { return nil }
        var text = word
        for member in fault.members ?? [] where member.name != "fault" {
            guard append(member.value, at: [member.name], to: &text) else { return nil }
        }
        return text
    }

    /// `; name=value`, the value quoted so that it is read as a text.
    package static func quoted(_ name: String, _ value: String) -> String {
        let escaped = value.utf8.flatMap { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") ? [0x5C, $0] : [$0] }
        return "; \(name)=\"" + String(decoding: escaped, as: UTF8.self) + "\""
    }

    /// `; name=value`, the value read as it looks.
    package static func plain(_ name: String, _ value: String) -> String {
        let isOneWord =
            value.hasPrefix("\"") || !value.utf8.contains { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ";") }
        return isOneWord ? "; \(name)=\(value)" : quoted(name, value)
    }

    private static func append(_ value: Value, at path: [String], to text: inout String) -> Bool {
        guard let last = path.last, isToken(last), !last.utf8.contains(UInt8(ascii: ".")) else { return false }
        let name = path.joined(separator: ".")
        switch value {
        case .bool(true): text += "; \(name)"
        case .bool(false): text += "; \(name)=false"
        case .number(let literal): text += "; \(name)=\(literal)"
        case .string(let string): text += looksLikeText(string) ? plain(name, string) : quoted(name, string)
        case .object(let members):
            return !members.isEmpty && members.allSatisfy { append($0.value, at: path + [$0.name], to: &text) }
        case .array, .null: return false
        }
        return true
    }

    /// Whether it is read as the same text when it stands without quotes.
    private static func looksLikeText(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last, first > 0x20, last > 0x20, first != UInt8(ascii: "\"")
        else {
            return false
        }
        switch try? Value.parse(bytes) {
        case .number, .bool: return false
        default: return true
        }
    }

    private static func isToken(_ name: String) -> Bool { !name.isEmpty && name.utf8.allSatisfy(ASCII.isToken) }
}

/// Takes such a text apart.
private struct FaultTextReader {
    var rest: ArraySlice<UInt8>

    mutating func fault() throws(Mistake) -> FaultEntry {
        let word = try name("a fault")
        var entry = FaultEntry(fault: word)
        while take(UInt8(ascii: ";")) {
            let name = try name("a parameter of \"\(word)\"")
            let value: Value = take(UInt8(ascii: "=")) ? try self.value(of: name) : true
            if !Self.add(
                value, at: name.split(separator: ".", omittingEmptySubsequences: false)[...], &entry.parameters)
            {
                throw Mistake("\"\(name)\" stands there twice", path: word)
            }
        }
        return entry
    }

    func expectEnd() throws(Mistake) {
        let rest = skippingSpaces()
        if !rest.isEmpty {
            throw Mistake("\(Excerpt.of(.string(String(lossy: rest)))) is not understood")
        }
    }

    mutating func take(_ byte: UInt8) -> Bool {
        let after = skippingSpaces()
        guard after.first == byte else { return false }
        rest = after.dropFirst()
        return true
    }

    private func skippingSpaces() -> ArraySlice<UInt8> { rest.drop { $0 == 0x20 || $0 == 0x09 } }

    private mutating func name(_ what: String) throws(Mistake) -> String {
        rest = skippingSpaces()
        let name = rest.prefix { ASCII.isToken($0) }
        guard !name.isEmpty else {
            let found = rest.isEmpty ? "the end" : Excerpt.of(.string(String(lossy: rest)))
            throw Mistake(
                "expected \(what), found \(found)", hint: "write for example: reset; at=frame 3")
        }
        rest = rest.dropFirst(name.count)
        return String(lossy: name)
    }

    private mutating func value(of name: String) throws(Mistake) -> Value {
        rest = skippingSpaces()
        if rest.first == UInt8(ascii: "\"") { return .string(try quoted(name)) }
        var word = rest.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: ",") }
        rest = rest.dropFirst(word.count)
        while word.last == 0x20 || word.last == 0x09 { word = word.dropLast() }
        guard let text = String(utf8: word), !text.isEmpty else {
            throw Mistake("\"\(name)\" has no value that can be read")
        }
        switch try? Value.parse(Array(word)) {
        case .number(let literal): return .number(literal)
        case .bool(let bool): return .bool(bool)
        default: return .string(text)
        }
    }

    /// RFC 9110 5.6.4: "quoted-pair = "\" ( HTAB / SP / VCHAR / obs-text )".
    private mutating func quoted(_ name: String) throws(Mistake) -> String {
        var text: [UInt8] = []
        rest = rest.dropFirst()
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") { return String(lossy: text) }
            if byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() {
                text.append(escaped)
            } else {
                text.append(byte)
            }
        }
        throw Mistake("the text of \"\(name)\" does not end")
    }

    /// False when something stands there already.
    private static func add(_ value: Value, at path: ArraySlice<Substring>, _ members: inout [Value.Member]) -> Bool {
        guard let name = path.first.map(String.init) else { return false }
        let place = members.firstIndex { $0.name == name }
        guard path.count > 1 else {
            members.append(Value.Member(name, value))
            return place == nil
        }
        guard var inner = place.map({ members[$0].value.members }) ?? [],
            add(value, at: path.dropFirst(), &inner)
        else { return false }
        let object = Value.object(inner)
        if let place { members[place].value = object } else { members.append(Value.Member(name, object)) }
        return true
    }
}
