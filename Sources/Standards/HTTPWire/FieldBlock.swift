import Bytes

/// Header fields of an answer, kept as the bytes that will leave: `Name: value\r\n` for each, in order.
/// One allocation however many fields; read back only by faults, the journal and tests.
package struct FieldBlock: Equatable, Sendable {
    package var bytes: [UInt8] = []

    package init() {}

    /// Adds a field. A control character in the value would split the answer (RFC 9110 5.5): it becomes a space.
    package mutating func add(_ name: StaticString, _ value: String) {
        bytes.append(name)
        appendValue(value.utf8)
    }

    package mutating func add(name: String, value: String) {
        bytes.append(name)
        appendValue(value.utf8)
    }

    package mutating func add(_ name: StaticString, _ value: some Sequence<UInt8>) {
        bytes.append(name)
        appendValue(value)
    }

    package mutating func add(_ name: StaticString, decimal value: Int) {
        bytes.append(name)
        bytes.append(": ")
        bytes.append(decimal: value)
        bytes.append("\r\n")
    }

    private mutating func appendValue(_ value: some Sequence<UInt8>) {
        bytes.append(": ")
        for byte in value { bytes.append(byte < 0x20 && byte != 0x09 || byte == 0x7F ? 0x20 : byte) }
        bytes.append("\r\n")
    }

    /// The fields as texts, in order.
    package var list: [(name: String, value: String)] {
        var rest = bytes[...]
        var found: [(name: String, value: String)] = []
        while let end = rest.firstIndex(of: UInt8(ascii: "\r")) {
            let line = rest[..<end]
            rest = rest[(end + 2)...]
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            found.append((String(lossy: line[..<colon]), String(lossy: line[(colon + 2)...])))
        }
        return found
    }

    /// The first value of this name, whatever its case.
    package func value(of name: String) -> String? {
        list.first { ASCII.equalsIgnoringCase($0.name.utf8, name.utf8) }?.value
    }

    package mutating func remove(_ name: String) {
        let kept = list.filter { !ASCII.equalsIgnoringCase($0.name.utf8, name.utf8) }
        bytes = []
        for field in kept { add(name: field.name, value: field.value) }
    }
}
