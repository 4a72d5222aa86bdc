import Bytes

/// Requests as bytes, for the client role: one Host, and a length where there is content.
package enum RequestWriter {
    /// Appends a whole request; false, and nothing appended, when target or host would break its lines. `fields`
    /// come after Host.
    package static func append(
        method: StaticString = "GET", target: some Collection<UInt8>, host: String, fields: FieldBlock = FieldBlock(),
        body: [UInt8] = [], keepsAlive: Bool = false, isSwitching: Bool = false, to buffer: inout [UInt8]
    ) -> Bool {
        let name = Array(UnsafeBufferPointer(start: method.utf8Start, count: method.utf8CodeUnitCount))
        guard target.first == UInt8(ascii: "/"),
            appendHead(
                method: name, target: Array(target), host: host, fields: fields,
                length: body.isEmpty ? nil : body.count,
                keepsAlive: keepsAlive, isSwitching: isSwitching, to: &buffer)
        else { return false }
        buffer.append(contentsOf: body)
        return true
    }

    /// Appends all but the content. The target is a path with its query, or a whole URI for a proxy (RFC 9112 3.2.2), or
    /// an authority for CONNECT (3.2.3).
    ///
    /// Arrays, and no collections of any kind: this is done for every call that is passed on, and from another module such
    /// a generic function asks for each byte by a table.
    package static func appendHead(
        method: [UInt8], target: [UInt8], host: String, fields: FieldBlock,
        length: Int?, keepsAlive: Bool = true, isSwitching: Bool = false, to buffer: inout [UInt8]
    ) -> Bool {
        guard !target.isEmpty, target.allSatisfy(CharacterClass.query.contains), Authority.isValid(host.utf8.span),
            !method.isEmpty, method.allSatisfy(CharacterClass.token.contains)
        else { return false }
        buffer.reserveCapacity(
            buffer.count + method.count + target.count + host.utf8.count + fields.bytes.count + 80)
        buffer.append(contentsOf: method)
        buffer.append(" ")
        buffer.append(contentsOf: target)
        buffer.append(" HTTP/1.1\r\nHost: ")
        buffer.append(contentsOf: host.utf8)
        buffer.append("\r\n")
        buffer.append(addingCapacity: fields.bytes.count) {
            GivenFields(fields).append(fields, isSwitching: isSwitching, to: &$0)
        }
        if let length {
            buffer.append("Content-Length: ")
            buffer.append(decimal: length)
            buffer.append("\r\n")
        }
        buffer.append(keepsAlive ? "\r\n" : "Connection: close\r\n\r\n")
        return true
    }
}
