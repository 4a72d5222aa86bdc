import Bytes

/// Requests as bytes, for the client role: origin-form target, one Host, a length where there is content.
package enum RequestWriter {
    /// Appends a whole request; false, and nothing appended, when target or host would break its lines. `fields`
    /// come after Host.
    package static func append(
        method: StaticString = "GET", target: some Collection<UInt8>, host: String, fields: FieldBlock = FieldBlock(),
        body: [UInt8] = [], keepsAlive: Bool = false, to buffer: inout [UInt8]
    ) -> Bool {
        let allowed = CharacterClass.query
        let hostBytes = Array(host.utf8)
        guard target.first == UInt8(ascii: "/"), target.allSatisfy(allowed.contains),
            Authority.isValid(hostBytes.span)
        else { return false }
        buffer.append(method)
        buffer.append(" ")
        buffer.append(contentsOf: target)
        buffer.append(" HTTP/1.1\r\nHost: ")
        buffer.append(contentsOf: hostBytes)
        buffer.append("\r\n")
        buffer.append(addingCapacity: fields.bytes.count) {
            GivenFields(fields).append(fields, isSwitching: false, to: &$0)
        }
        if !body.isEmpty {
            buffer.append("Content-Length: ")
            buffer.append(decimal: body.count)
            buffer.append("\r\n")
        }
        buffer.append(keepsAlive ? "\r\n" : "Connection: close\r\n\r\n")
        buffer.append(contentsOf: body)
        return true
    }
}
