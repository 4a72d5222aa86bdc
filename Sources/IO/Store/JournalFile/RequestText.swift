import Bytes
import HTTPWire

/// A request's header section as a journal keeps it, a line for each field, and the request that such lines make again.
extension Request {
    func appendFields(to text: inout OutputSpan<UInt8>) {
        let bytes = head.span
        for field in fields {
            text.append(bytes.extracting(field.name))
            text.append(": " as StaticString)
            text.append(bytes.extracting(field.value))
            text.append("\r\n" as StaticString)
        }
    }

    /// How long these lines are.
    var fieldsLength: Int {
        var length = 0
        for field in fields { length += field.name.count + field.value.count + 4 }
        return length
    }

    /// The request as these columns tell it. Its head says the same as the one that came, space for space aside.
    init(method: [UInt8], target: [UInt8], minorVersion: UInt8, fieldLines: [UInt8], body: [UInt8]) {
        var head = method
        head.append(UInt8(ascii: " "))
        let targetStart = head.count
        head += target
        let targetEnd = head.count
        head.append(minorVersion == 0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n")
        let fields = Self.fields(fieldLines, at: head.count)
        head += fieldLines
        let places = Self.pathAndQuery(target)
        self.init(
            head: head, method: 0..<method.count, target: targetStart..<targetEnd,
            path: places.path.moved(by: targetStart), query: places.query?.moved(by: targetStart),
            minorVersion: minorVersion, fields: fields, body: body)
    }

    private static func fields(_ lines: [UInt8], at offset: Int) -> [FieldRange] {
        var fields: [FieldRange] = []
        var rest = lines[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = rest[..<end].last == UInt8(ascii: "\r") ? rest[..<(end - 1)] : rest[..<end]
            rest = rest[(end + 1)...]
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let value = line[(colon + 1)...].drop { $0 == UInt8(ascii: " ") }
            fields.append(
                FieldRange(
                    name: (line.startIndex..<colon).moved(by: offset),
                    value: (value.startIndex..<value.endIndex).moved(by: offset)))
        }
        return fields
    }

    /// RFC 9112 3.2: the target is a path with a query, or a whole URI whose authority comes first.
    private static func pathAndQuery(_ target: [UInt8]) -> (path: Range<Int>, query: Range<Int>?) {
        let mark = target.firstIndex(of: UInt8(ascii: "?"))
        let end = mark ?? target.count
        var start = 0
        if target.first != UInt8(ascii: "/"), let scheme = target[..<end].firstIndex(of: UInt8(ascii: ":")),
            target[..<end].dropFirst(scheme + 1).starts(with: "//".utf8)
        {
            start = target[(scheme + 3)..<end].firstIndex(of: UInt8(ascii: "/")) ?? end
        }
        return (start..<end, mark.map { ($0 + 1)..<target.count })
    }
}

extension Range<Int> {
    fileprivate func moved(by offset: Int) -> Range<Int> { (lowerBound + offset)..<(upperBound + offset) }
}
