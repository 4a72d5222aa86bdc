import Bytes

/// A request as a signature sees it: the bytes that came and the places of what is signed.
package struct Message: Equatable, Sendable {
    package var head: [UInt8]
    package var method: Range<Int>
    /// Still encoded, exactly as received.
    package var path: Range<Int>
    package var query: Range<Int>?
    package var fields: [FieldRange]
    package var body: [UInt8]
    /// SHA-256 of the body where it is known already.
    package var bodyDigest: [UInt8]?

    package init(
        head: [UInt8], method: Range<Int>, path: Range<Int>, query: Range<Int>?, fields: [FieldRange],
        body: [UInt8] = [], bodyDigest: [UInt8]? = nil
    ) {
        self.head = head
        self.method = method
        self.path = path
        self.query = query
        self.fields = fields
        self.body = body
        self.bodyDigest = bodyDigest
    }

    /// A request about to be sent. `target` is the path and, after the first `?`, the query.
    package init(method: String, target: String, fields: [(name: String, value: String)], body: [UInt8] = []) {
        head = Array(method.utf8)
        self.method = 0..<head.count
        self.fields = []
        self.body = body
        head.append(UInt8(ascii: " "))
        let start = head.count
        head.append(target)
        let mark = head[start...].firstIndex(of: UInt8(ascii: "?"))
        path = start..<(mark ?? head.count)
        query = mark.map { ($0 + 1)..<head.count }
        for field in fields { add(field.name, field.value) }
    }

    package mutating func add(_ name: String, _ value: String) {
        let nameStart = head.count
        head.append(name)
        let valueStart = head.count
        head.append(value)
        fields.append(FieldRange(name: nameStart..<valueStart, value: valueStart..<head.count))
    }

    /// The value of the first field of this name, given in lower case.
    func value(of name: StaticString) -> Range<Int>? {
        let bytes = head.span
        for field in fields where field.name.count == name.utf8CodeUnitCount {
            if ASCII.equals(bytes.extracting(field.name), lowercase: name) { return field.value }
        }
        return nil
    }

    func count(of name: StaticString) -> Int {
        let bytes = head.span
        var count = 0
        for field in fields where field.name.count == name.utf8CodeUnitCount {
            if ASCII.equals(bytes.extracting(field.name), lowercase: name) { count += 1 }
        }
        return count
    }
}

extension [UInt8] {
    /// Copies a range without the slice, whose retain and release cost more than the copy.
    mutating func append(_ place: Range<Int>, of bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { append(contentsOf: UnsafeBufferPointer(rebasing: $0[place])) }
    }
}
