import Bytes

/// `?X-Amz-Algorithm=…&X-Amz-Credential=…&X-Amz-Date=…&X-Amz-Expires=…&X-Amz-SignedHeaders=…&X-Amz-Signature=…`: a
/// presigned request. Of a parameter that comes twice the first counts.
struct QueryAuthorization {
    var algorithm: FieldRange?
    private var credential: FieldRange?
    private var signature: FieldRange?
    private var signedHeaders: FieldRange?
    private var date: FieldRange?
    private var expires: FieldRange?
    private var token: FieldRange?
    private var payloadHash: FieldRange?

    /// Nil for a query in which nothing is presigned.
    static func find(in message: borrowing Message) -> QueryAuthorization? {
        guard let query = message.query, mayBePresigned(message.head.span.extracting(query)) else { return nil }
        var found = QueryAuthorization()
        for parameter in QueryParameters.split(query, of: message.head) { found.note(parameter, of: message.head) }
        let isPresigned = found.algorithm != nil || found.credential != nil || found.signature != nil
        return isPresigned ? found : nil
    }

    func read(_ message: borrowing Message) throws(SignatureRefusal) -> Authorization {
        var decoded: [UInt8] = []
        if let name = decode(algorithm, of: message.head, to: &decoded), !name.isEmpty,
            !decoded[name].elementsEqual(StringToSign.algorithm.bytes)
        {
            throw .unsupportedAlgorithm(String(lossy: decoded[name]))
        }
        guard !missing.isEmpty else { return authorization(message) }
        throw .missingInQuery(missing)
    }

    private var missing: [String] {
        [
            (algorithm, "X-Amz-Algorithm"), (credential, "X-Amz-Credential"), (signature, "X-Amz-Signature"),
            (signedHeaders, "X-Amz-SignedHeaders"), (date, "X-Amz-Date"), (expires, "X-Amz-Expires"),
        ].filter { $0.0?.value.isEmpty ?? true }.map { $0.1 }
    }

    private func authorization(_ message: borrowing Message) -> Authorization {
        var source: [UInt8] = []
        func place(_ parameter: FieldRange?) -> Range<Int>? { decode(parameter, of: message.head, to: &source) }
        var authorization = Authorization(
            form: .query, source: [], credential: place(credential) ?? 0..<0,
            signedHeaders: place(signedHeaders) ?? 0..<0, signature: place(signature) ?? 0..<0,
            timestamp: place(date) ?? 0..<0)
        authorization.lifetime = place(expires)
        authorization.token = place(token)
        authorization.payloadHash = place(payloadHash)
        // A client may also leave these two among the headers, where they may be signed.
        if let header = message.value(of: "x-amz-content-sha256") {
            authorization.payloadHash = Self.copy(header, of: message.head, to: &source)
        }
        if authorization.token == nil, let header = message.value(of: "x-amz-security-token") {
            authorization.token = Self.copy(header, of: message.head, to: &source)
        }
        authorization.source = source
        authorization.signatureParameter = signature
        return authorization
    }

    private static func copy(_ place: Range<Int>, of head: [UInt8], to bytes: inout [UInt8]) -> Range<Int> {
        bytes.append(place, of: head)
        return bytes.count - place.count..<bytes.count
    }

    /// Every parameter's name starts so, escaped or not; an ordinary query is done with after this.
    private static func mayBePresigned(_ query: Span<UInt8>) -> Bool {
        guard query.count > 12 else { return false }
        for index in 0..<query.count where query[index] == UInt8(ascii: "-") || query[index] == UInt8(ascii: "%") {
            return true
        }
        return false
    }

    private mutating func note(_ parameter: FieldRange, of head: [UInt8]) {
        var name: [UInt8] = []
        _ = decode(parameter.name, of: head, to: &name)
        guard name.count >= 10, name[0] | 0x20 == UInt8(ascii: "x") else { return }
        switch String(lossy: name) {
        case "X-Amz-Algorithm": algorithm = algorithm ?? parameter
        case "X-Amz-Credential": credential = credential ?? parameter
        case "X-Amz-Signature": signature = signature ?? parameter
        case "X-Amz-SignedHeaders": signedHeaders = signedHeaders ?? parameter
        case "X-Amz-Date": date = date ?? parameter
        case "X-Amz-Expires": expires = expires ?? parameter
        case "X-Amz-Security-Token": token = token ?? parameter
        // The JavaScript SDK moves the header into the query, by the name it had there.
        case "X-Amz-Content-Sha256", "x-amz-content-sha256": payloadHash = payloadHash ?? parameter
        default: break
        }
    }

    private func decode(_ parameter: FieldRange?, of head: [UInt8], to bytes: inout [UInt8]) -> Range<Int>? {
        parameter.map { decode($0.value, of: head, to: &bytes) }
    }

    private func decode(_ place: Range<Int>, of head: [UInt8], to bytes: inout [UInt8]) -> Range<Int> {
        let start = bytes.count
        let encoded = head.span.extracting(place)
        var index = 0
        while index < encoded.count {
            var byte = encoded[index]
            index += 1
            if byte == UInt8(ascii: "%"), let decoded = QueryParameters.escape(encoded, at: index) {
                byte = decoded
                index += 2
            }
            bytes.append(byte)
        }
        return start..<bytes.count
    }
}

/// The parameters of a query by their places, still encoded.
enum QueryParameters {
    static func split(_ query: Range<Int>, of head: [UInt8]) -> [FieldRange] {
        var parameters: [FieldRange] = []
        var start = query.lowerBound
        while let parameter = FieldRange.parameter(in: head.span, from: &start, to: query.upperBound) {
            parameters.append(parameter)
        }
        return parameters
    }

    /// The byte that the two digits at `index` spell.
    static func escape(_ bytes: Span<UInt8>, at index: Int) -> UInt8? {
        guard index + 1 < bytes.count, let high = Hex.value(of: bytes[index]), let low = Hex.value(of: bytes[index + 1])
        else { return nil }
        return high << 4 | low
    }

    /// What is behind the first `%` that starts no escape: nothing or the two bytes that are no digits.
    static func malformedEscape(in bytes: Span<UInt8>) -> [UInt8]? {
        var index = 0
        while index < bytes.count {
            defer { index += 1 }
            guard bytes[index] == UInt8(ascii: "%") else { continue }
            guard index + 2 < bytes.count else { return [] }
            guard escape(bytes, at: index + 1) != nil else { return [bytes[index + 1], bytes[index + 2]] }
            index += 2
        }
        return nil
    }
}
