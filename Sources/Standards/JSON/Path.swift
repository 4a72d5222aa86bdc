import Bytes

/// A place in a value as scenario files write it: `$.a.b[0]['odd name'].*`. A small part of JSONPath (RFC 9535): names,
/// indexes from either end and wildcards; no `..`, slices or filters, which are refused by name.
package struct Path: Hashable, Sendable {
    package enum Step: Hashable, Sendable {
        case name(String)
        /// A negative index counts from the end.
        case index(Int)
        /// `.*` or `[*]`: every element or member.
        case all
    }

    /// The path as it was written.
    package let text: String
    package let steps: [Step]

    package init(_ text: String) throws(PathError) {
        self.text = text
        var reader = PathReader(bytes: Array(text.utf8))
        steps = try reader.steps()
    }

    package var hasWildcard: Bool { steps.contains(.all) }

    /// The first value at this place.
    package func lookup(in value: Value) -> Value? {
        if hasWildcard { return all(in: value).first }
        var found = value
        for step in steps {
            guard let next = Self.child(of: found, step) else { return nil }
            found = next
        }
        return found
    }

    /// Every value at this place, in the order of the text.
    package func all(in value: Value) -> [Value] {
        var found = [value]
        for step in steps {
            found = found.flatMap { step == .all ? Self.children(of: $0) : Self.child(of: $0, step).map { [$0] } ?? [] }
        }
        return found
    }

    private static func child(of value: Value, _ step: Step) -> Value? {
        switch step {
        case .name(let name): value[name]
        case .index(let index): value[index]
        case .all: nil
        }
    }

    private static func children(of value: Value) -> [Value] {
        value.array ?? value.members?.map(\.value) ?? []
    }
}

/// Why a text is not a path, and where in it.
package struct PathError: Error, Equatable, CustomStringConvertible {
    /// Characters before the offender.
    package var offset: Int
    package var message: String

    package var description: String { "at character \(offset + 1) of the path: \(message)" }
}

private struct PathReader {
    let bytes: [UInt8]
    var at = 0

    mutating func steps() throws(PathError) -> [Path.Step] {
        guard take(UInt8(ascii: "$")) else { throw refuse("a path starts with $, as in $.prompt") }
        var steps: [Path.Step] = []
        while at < bytes.count {
            if take(UInt8(ascii: ".")) {
                steps.append(try dotted())
            } else if take(UInt8(ascii: "[")) {
                steps.append(try bracketed())
            } else {
                throw refuse("expected . or [")
            }
        }
        return steps
    }

    private mutating func dotted() throws(PathError) -> Path.Step {
        if take(UInt8(ascii: "*")) { return .all }
        let start = at
        while at < bytes.count, !Self.endsName(bytes[at]) { at += 1 }
        if at > start { return .name(String(lossy: bytes[start..<at])) }
        let isDescendant = at < bytes.count && bytes[at] == UInt8(ascii: ".")
        throw refuse(isDescendant ? "searching at every depth (..) is not supported" : "a name must follow the dot")
    }

    private mutating func bracketed() throws(PathError) -> Path.Step {
        let step: Path.Step
        if take(UInt8(ascii: "*")) {
            step = .all
        } else if at < bytes.count, bytes[at] == UInt8(ascii: "'") || bytes[at] == UInt8(ascii: "\"") {
            step = .name(try quoted())
        } else {
            step = .index(try index())
        }
        guard take(UInt8(ascii: "]")) else { throw refuse("expected ]; slices, lists and filters are not supported") }
        return step
    }

    private mutating func index() throws(PathError) -> Int {
        let start = at
        let isNegative = take(UInt8(ascii: "-"))
        let digitsStart = at
        while at < bytes.count, ASCII.isDigit(bytes[at]) { at += 1 }
        guard let number = ASCII.decimal(bytes[digitsStart..<at]) else {
            at = start
            throw refuse("expected an index, * or a name in quotes; filters are not supported")
        }
        return isNegative ? -number : number
    }

    private mutating func quoted() throws(PathError) -> String {
        let start = at
        let quote = bytes[at]
        var name: [UInt8] = []
        at += 1
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            if byte == quote { return String(lossy: name) }
            name.append(byte == UInt8(ascii: "\\") ? try escaped() : byte)
        }
        at = start
        throw refuse("this name is not closed: its last quote is missing")
    }

    private mutating func escaped() throws(PathError) -> UInt8 {
        let letter = at < bytes.count ? bytes[at] : 0
        at += 1
        switch letter {
        case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return letter
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        default:
            at -= 2
            throw refuse("this escape is not supported; write the character itself")
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    /// RFC 9535 lets a dotted name hold letters, digits and `_`; people also write `$.my-key` and `$.@type`.
    private static func endsName(_ byte: UInt8) -> Bool {
        switch byte {
        case ...0x20, 0x7F, UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"),
            UInt8(ascii: "."), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "*"), UInt8(ascii: "?"),
            UInt8(ascii: ","):
            true
        default: false
        }
    }

    private func refuse(_ message: String) -> PathError {
        PathError(offset: String(lossy: bytes[..<min(at, bytes.count)]).unicodeScalars.count, message: message)
    }
}
