import Bytes

/// Header fields of an answer, kept as the bytes that will leave: `Name: value\r\n` for each, in order.
/// One allocation however many fields; read back only by faults, the journal and tests.
package struct FieldBlock: Equatable, Sendable {
    package private(set) var bytes: [UInt8] = []
    /// Whether a name may be one that the connection writes itself. Nearly every answer is spared a look at its lines.
    private(set) var mayConcernConnection = false

    package init() {}

    /// Fields that were written before.
    package init(bytes: [UInt8]) {
        self.bytes = bytes
        mayConcernConnection = true
    }

    package static func == (left: FieldBlock, right: FieldBlock) -> Bool { left.bytes == right.bytes }

    /// Adds a field. A control character in the value would split the answer (RFC 9110 5.5): it becomes a space.
    package mutating func add(_ name: StaticString, _ value: String) { add(name, value.utf8.span) }

    package mutating func add(_ name: StaticString, _ value: [UInt8]) { add(name, value.span) }

    package mutating func add(_ name: StaticString, _ value: ArraySlice<UInt8>) { add(name, value.span) }

    package mutating func add(_ name: StaticString, _ value: Span<UInt8>) {
        append(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount), value)
    }

    /// The same for a name that is not ours. One that is no token would split the answer: its field is left out.
    package mutating func add(name: String, value: String) {
        guard !name.isEmpty, name.utf8.allSatisfy(CharacterClass.token.contains) else { return }
        var name = name
        name.withUTF8 { append($0, value.utf8.span) }
    }

    /// The same for a field as it came.
    package mutating func add(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>) {
        guard !name.isEmpty, name.allSatisfy(CharacterClass.token.contains) else { return }
        name.withUnsafeBufferPointer { append($0, value.span) }
    }

    /// The same for one that was read strictly: its name is a token, and no control character is in its value.
    package mutating func add(read field: FieldRange, in head: Span<UInt8>) {
        let value = head.extracting(field.value)
        head.extracting(field.name).withUnsafeBufferPointer { name in
            append(name, count: value.count) { $0.append(value) }
        }
    }

    /// For a value of `count` bytes at most that the caller writes itself, without control characters: it goes straight
    /// to its place.
    package mutating func add(_ name: StaticString, count: Int, writing value: (inout OutputSpan<UInt8>) -> Void) {
        append(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount), count: count, value)
    }

    package mutating func add(_ name: StaticString, decimal value: Int) {
        add(name, count: 20) { $0.append(decimal: value) }
    }

    /// Copied in one go: a control character is rare, and mended where it landed.
    private mutating func append(_ name: UnsafeBufferPointer<UInt8>, _ value: Span<UInt8>) {
        append(name, count: value.count) { $0.append(value) }
        let end = bytes.count - 2
        let start = end - value.count
        guard ControlScan.first(in: value, from: 0, to: value.count) < value.count else { return }
        for place in start..<end where Self.isControl(bytes[place]) { bytes[place] = UInt8(ascii: " ") }
    }

    private mutating func append(
        _ name: UnsafeBufferPointer<UInt8>, count: Int, _ value: (inout OutputSpan<UInt8>) -> Void
    ) {
        if Self.mayConcernConnection(name) { mayConcernConnection = true }
        let size = name.count + count + 4
        if bytes.capacity - bytes.count < size { bytes.reserveCapacity(max(480, 2 * bytes.count + size)) }
        bytes.append(addingCapacity: size) { line in
            line.append(name)
            line.append(UInt8(ascii: ":"))
            line.append(UInt8(ascii: " "))
            value(&line)
            line.append(UInt8(ascii: "\r"))
            line.append(UInt8(ascii: "\n"))
        }
    }

    /// By their lengths and first letters alone: Date, Server, Upgrade, Connection and Keep-Alive, Content-Length,
    /// Transfer-Encoding.
    private static func mayConcernConnection(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = name.first else { return false }
        return switch (name.count, first | 0x20) {
        case (4, UInt8(ascii: "d")), (6, UInt8(ascii: "s")), (7, UInt8(ascii: "u")), (10, UInt8(ascii: "c")),
            (10, UInt8(ascii: "k")), (14, UInt8(ascii: "c")), (17, UInt8(ascii: "t")):
            true
        default: false
        }
    }

    private static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 && byte != 0x09 || byte == 0x7F }

    /// The fields as texts, in order.
    package var list: [(name: String, value: String)] {
        var rest = bytes[...]
        var found: [(name: String, value: String)] = []
        while let end = rest.firstIndex(of: UInt8(ascii: "\r")) {
            let line = rest[..<end]
            rest = rest[end...].dropFirst(2)
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            found.append((String(lossy: line[..<colon]), String(lossy: line[colon...].dropFirst(2))))
        }
        return found
    }

    /// Each line, without its end.
    package func visitLines(_ visit: (ArraySlice<UInt8>) -> Void) {
        var start = 0
        while start < bytes.count {
            let end = ByteSearch.first(UInt8(ascii: "\r"), in: bytes.span, start..<bytes.count)
            visit(bytes[start..<end])
            start = end + 2
        }
    }

    /// The first value of this name, whatever its case.
    package func value(of name: String) -> String? {
        guard let line = line(of: name.utf8.span) else { return nil }
        return String(lossy: bytes[line].dropFirst(name.utf8.count + 2))
    }

    /// The first line of this name, without its end.
    private func line(of name: Span<UInt8>) -> Range<Int>? {
        let bytes = bytes.span
        var start = 0
        while start < bytes.count {
            let end = ByteSearch.first(UInt8(ascii: "\r"), in: bytes, start..<bytes.count)
            let nameEnd = start + name.count
            if nameEnd < end, bytes[nameEnd] == UInt8(ascii: ":"),
                ASCII.equalsIgnoringCase(bytes.extracting(start..<nameEnd), name)
            {
                return start..<end
            }
            start = end + 2
        }
        return nil
    }

    /// Whether there is a field of this name (given in lower case).
    package func has(_ name: StaticString) -> Bool {
        let bytes = bytes.span
        var start = 0
        while start < bytes.count {
            let end = ByteSearch.first(UInt8(ascii: "\r"), in: bytes, start..<bytes.count)
            let nameEnd = start + name.utf8CodeUnitCount
            if nameEnd < end, bytes[nameEnd] == UInt8(ascii: ":"),
                ASCII.equals(bytes.extracting(start..<nameEnd), lowercase: name)
            {
                return true
            }
            start = end + 2
        }
        return false
    }

    package mutating func remove(_ name: String) {
        let kept = list.filter { !ASCII.equalsIgnoringCase($0.name.utf8, name.utf8) }
        bytes = []
        for field in kept { add(name: field.name, value: field.value) }
    }
}

/// Header fields as a block and a record hold them: `Name: value` and CRLF for each.
package enum HeaderLines {
    package static func forEach(in bytes: Span<UInt8>, _ body: (FieldRange) -> Void) {
        var start = 0
        while start < bytes.count {
            let end = ByteSearch.first(UInt8(ascii: "\r"), in: bytes, start..<bytes.count)
            let colon = ByteSearch.first(UInt8(ascii: ":"), in: bytes, start..<end)
            if colon < end { body(FieldRange(name: start..<colon, value: min(colon + 2, end)..<end)) }
            start = end + 2
        }
    }

    package static func fields(of bytes: Span<UInt8>) -> [FieldRange] {
        var fields: [FieldRange] = []
        forEach(in: bytes) { fields.append($0) }
        return fields
    }
}
