import Bytes
import HTTPWire
import JSON

/// "AWS query": what is asked is a form, or the query of a URL; what comes back is XML in the service's namespace.
enum QueryXML {
    static func version(of request: borrowing Request) -> String? { parameter("Version", of: request) }

    static func parameter(_ name: String, of request: borrowing Request) -> String? {
        parameters(of: request).first { $0.name == name }?.value.text
    }

    /// Of the query and the form together. What is not encoded as forms are is left out.
    static func parameters(of request: borrowing Request) -> [Value.Member] {
        let form = isForm(request) ? request.body : []
        let query = request.query.map { Array(request.head[$0]) } ?? []
        return [query, form].flatMap { text in
            text.split(separator: UInt8(ascii: "&")).compactMap(member)
        }
    }

    private static func isForm(_ request: borrowing Request) -> Bool {
        let wanted = Array("application/x-www-form-urlencoded".utf8)
        guard let type = request.value(of: "content-type"), request.body.count <= 65_536 else { return false }
        return ASCII.equalsIgnoringCase(type.prefix(wanted.count), wanted)
    }

    private static func member(_ pair: ArraySlice<UInt8>) -> Value.Member? {
        let first = pair.prefix { $0 != UInt8(ascii: "=") }
        guard let name = decoded(first), let value = decoded(pair.dropFirst(first.count + 1)) else { return nil }
        return .init(name, .string(value))
    }

    private static func decoded(_ text: ArraySlice<UInt8>) -> String? {
        PercentEncoding.decode(text, plusIsSpace: true).flatMap { String(utf8: $0) }
    }

    // MARK: What comes back

    private static func namespace(_ version: String) -> String { "https://sts.amazonaws.com/doc/\(version)/" }

    static func answer(_ operation: String, _ value: Value, version: String, _ requestID: String) -> [UInt8] {
        var text = "<\(operation)Response xmlns=\"\(namespace(version))\">\n  <\(operation)Result>\n"
        for member in value.members ?? [] {
            text += "    <\(member.name)>\(Markup.escaped(member.value.text ?? ""))</\(member.name)>\n"
        }
        text += "  </\(operation)Result>\n  <ResponseMetadata>\n    <RequestId>\(requestID)</RequestId>\n"
        text += "  </ResponseMetadata>\n</\(operation)Response>\n"
        return Array(text.utf8)
    }

    static func refusal(_ error: NeighbourError, version: String, _ requestID: String) -> [UInt8] {
        let sender = error.status < 500 ? "Sender" : "Receiver"
        let name = accessNames[error.name] ?? error.name
        var text = "<ErrorResponse xmlns=\"\(namespace(version))\">\n  <Error>\n    <Type>\(sender)</Type>\n"
        let message = accessMessages[error.name] ?? withoutHeader(error.message)
        text += "    <Code>\(Markup.escaped(name))</Code>\n    <Message>\(Markup.escaped(message))</Message>\n"
        text += "  </Error>\n  <RequestId>\(requestID)</RequestId>\n</ErrorResponse>\n"
        return Array(text.utf8)
    }

    /// Of the header that the service's words repeat, STS tells the algorithm alone.
    private static func withoutHeader(_ message: String) -> String {
        let (bytes, mark) = (Array(message.utf8), Array(" Authorization=".utf8))
        guard let place = ByteSearch.first(mark.span, in: bytes.span, from: 0) else { return message }
        let rest = place + mark.count..<bytes.count
        return String(lossy: bytes[..<ByteSearch.first(UInt8(ascii: " "), in: bytes.span, rest)])
    }

    /// "400 for query services": what is missing of a signature.
    static func status(of error: NeighbourError) -> Int {
        error.name == "IncompleteSignatureException" || error.name == "MalformedQueryString" ? 400 : error.status
    }

    /// What STS calls the refusals of a signature.
    private static let accessNames = [
        "AccessDeniedException": "AccessDenied", "ExpiredTokenException": "ExpiredToken",
        "IncompleteSignatureException": "IncompleteSignature", "InvalidSignatureException": "SignatureDoesNotMatch",
        "MissingAuthenticationTokenException": "MissingAuthenticationToken",
        "UnrecognizedClientException": "InvalidClientTokenId",
    ]
    private static let accessMessages = [
        "MissingAuthenticationTokenException": "Request is missing Authentication Token"
    ]
}

/// Clients of services that answer in XML read nothing else: whoever asks for one that is not here is told so in XML.
package enum XMLRefusal {
    /// Nil where JSON does as well.
    package static func body(
        _ error: NeighbourError, of service: String, to request: borrowing Request
    ) -> [UInt8]? {
        let fields = "<Code>\(error.name)</Code><Message>\(Markup.escaped(error.message))</Message>"
        if service == "s3" {
            return Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>\(fields)</Error>\n".utf8)
        }
        guard QueryXML.parameter("Action", of: request) != nil else { return nil }
        return Array("<ErrorResponse><Error><Type>Sender</Type>\(fields)</Error></ErrorResponse>\n".utf8)
    }
}
