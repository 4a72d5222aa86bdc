import Bytes
import Crypto

/// "CanonicalRequest = HTTPRequestMethod + '\n' + CanonicalURI + '\n' + CanonicalQueryString + '\n' +
/// CanonicalHeaders + '\n' + SignedHeaders + '\n' + HexEncode(Hash(RequestPayload))".
package struct CanonicalRequest {
    /// How the parts that clients spell differently are read.
    package struct Reading: Sendable {
        package var query = CanonicalQuery.Reading.plusIsSpace
        package var hostWithoutPort = false

        package init() {}
    }

    package var reading: Reading
    /// For eyes, not for hashing: secrets are left out.
    package var isRedacting: Bool

    package init(reading: Reading = Reading(), isRedacting: Bool = false) {
        self.reading = reading
        self.isRedacting = isRedacting
    }

    /// Replaces `text`. Returns false when a signed header is missing.
    package func write(
        _ message: borrowing Message, _ authorization: borrowing Authorization, payload: Payload,
        into text: inout [UInt8]
    ) -> Bool {
        var paths = CanonicalPath.Memory()
        return write(message, authorization, payload: payload, &paths, into: &text)
    }

    func write(
        _ message: borrowing Message, _ authorization: borrowing Authorization, payload: Payload,
        _ paths: inout CanonicalPath.Memory, into text: inout [UInt8]
    ) -> Bool {
        text.removeAll(keepingCapacity: true)
        text.append(message.method, of: message.head)
        text.append(UInt8(ascii: "\n"))
        paths.append(message.path, of: message.head, to: &text)
        text.append(UInt8(ascii: "\n"))
        if let query = message.query, !query.isEmpty {
            CanonicalQuery.append(
                query, of: message.head, reading: reading.query, omitting: authorization.signatureParameter,
                redacting: isRedacting, to: &text)
        }
        text.append(UInt8(ascii: "\n"))
        let isComplete = CanonicalHeaders.append(
            authorization.signedHeaders, of: authorization.source, from: message,
            hostWithoutPort: reading.hostWithoutPort, redacting: isRedacting, to: &text)
        text.append(UInt8(ascii: "\n"))
        text.append(authorization.signedHeaders, of: authorization.source)
        text.append(UInt8(ascii: "\n"))
        text.append(contentsOf: payload.line)
        return isComplete
    }
}
