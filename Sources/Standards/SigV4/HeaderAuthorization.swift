import Bytes
import Crypto
import Time

/// `Authorization: AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`
package enum HeaderAuthorization {
    static func read(
        _ message: borrowing Message, _ header: Range<Int>, _ memory: inout Memory
    ) throws(SignatureRefusal) -> Authorization {
        let known = readAgain(message.head.span, header, memory)
        let found = if let known { known } else { try readAll(message, header, &memory) }
        let ownDate = message.value(of: "x-amz-date")
        let date = ownDate ?? message.value(of: "date")
        guard let credential = found.credential, let signature = found.signature, let names = found.signedHeaders,
            let date
        else { throw refusal(for: found, hasDate: date != nil, header: message.head[header]) }
        var authorization = Authorization(
            form: .header, source: message.head, credential: credential, signedHeaders: names, signature: signature,
            timestamp: date)
        authorization.token = message.value(of: "x-amz-security-token")
        authorization.payloadHash = message.value(of: "x-amz-content-sha256")
        authorization.isKnown = known != nil
        if ownDate == nil { authorization.spellTimestamp() }
        return authorization
    }

    /// What stood before the signature last. A client that signs the same fields with the same credential says it again
    /// with every call of a day.
    package struct Memory {
        fileprivate var beginning: [UInt8] = []
        /// Counted from the beginning.
        fileprivate var credential = 0..<0
        fileprivate var signedHeaders = 0..<0
        /// Of the credential, once it was found to be good for this service.
        private var scope: CredentialScope?
        private var service = ""

        package init() {}

        /// What was found out about an authorization that begins so; nil for any other, and for one of another day.
        func scope(of authorization: borrowing Authorization, for service: String) -> CredentialScope? {
            guard authorization.isKnown, let scope, service == self.service else { return nil }
            let found = scope.moved(by: authorization.credential.lowerBound)
            let bytes = authorization.source.span
            let day = authorization.timestamp.prefix(8)
            return ByteSearch.equal(bytes.extracting(found.date), bytes.extracting(day)) ? found : nil
        }

        mutating func keep(_ scope: CredentialScope, of authorization: borrowing Authorization, for service: String) {
            guard authorization.isKnown else { return }
            self.scope = scope.moved(by: -authorization.credential.lowerBound)
            self.service = service
        }

        fileprivate mutating func begin(_ beginning: [UInt8], credential: Range<Int>, signedHeaders: Range<Int>) {
            (self.beginning, self.credential, self.signedHeaders) = (beginning, credential, signedHeaders)
            scope = nil
        }
    }

    /// Nil when the header says anything else before its signature, or anything after it.
    private static func readAgain(_ bytes: Span<UInt8>, _ header: Range<Int>, _ memory: borrowing Memory) -> Found? {
        let (start, count) = (header.lowerBound, memory.beginning.count)
        guard count > 0, header.count > count,
            ByteSearch.equal(bytes.extracting(start..<start + count), memory.beginning.span)
        else { return nil }
        let signature = start + count..<header.upperBound
        guard separator(in: bytes, signature) == signature.upperBound else { return nil }
        return Found(
            credential: moved(memory.credential, by: start), signature: signature,
            signedHeaders: moved(memory.signedHeaders, by: start))
    }

    private static func readAll(
        _ message: borrowing Message, _ header: Range<Int>, _ memory: inout Memory
    ) throws(SignatureRefusal) -> Found {
        let scheme = try readScheme(message, header)
        let found = try readParameters(message.head, scheme.upperBound..<header.upperBound, header)
        if let credential = found.credential, let names = found.signedHeaders, let signature = found.signature,
            signature.upperBound == header.upperBound
        {
            memory.begin(
                Array(message.head[header.lowerBound..<signature.lowerBound]),
                credential: moved(credential, by: -header.lowerBound),
                signedHeaders: moved(names, by: -header.lowerBound))
        }
        return found
    }

    private static func readScheme(_ message: borrowing Message, _ header: Range<Int>) throws(SignatureRefusal)
        -> Range<Int>
    {
        let head = message.head
        let bytes = head.span
        var end = header.lowerBound
        while end < header.upperBound, bytes[end] != UInt8(ascii: " "), bytes[end] != UInt8(ascii: "\t") { end += 1 }
        let scheme = header.lowerBound..<end
        if spells(head.span.extracting(scheme), StringToSign.algorithm) { return scheme }
        if head[scheme].starts(with: Array("AWS".utf8)) { throw .unsupportedAlgorithm(String(lossy: head[scheme])) }
        throw notKeyEqualsValue(head[header])
    }

    private struct Found {
        var credential: Range<Int>?
        var signature: Range<Int>?
        var signedHeaders: Range<Int>?
    }

    /// `key=value`, separated by commas, spaces or both; a key that comes twice counts with its last value.
    private static func readParameters(
        _ head: [UInt8], _ rest: Range<Int>, _ header: Range<Int>
    ) throws(SignatureRefusal) -> Found {
        var found = Found()
        let bytes = head.span
        var start = rest.lowerBound
        while start < rest.upperBound {
            let end = separator(in: bytes, start..<rest.upperBound)
            let element = start..<end
            start = end + 1
            if element.isEmpty { continue }
            let equals = ByteSearch.first(UInt8(ascii: "="), in: bytes, element)
            guard equals < end else { throw notKeyEqualsValue(head[header]) }
            let value = (equals + 1)..<end
            let name = bytes.extracting(element.lowerBound..<equals)
            if spells(name, "Credential") { found.credential = value.isEmpty ? nil : value }
            if spells(name, "Signature") { found.signature = value.isEmpty ? nil : value }
            if spells(name, "SignedHeaders") { found.signedHeaders = value.isEmpty ? nil : value }
        }
        return found
    }

    private static func spells(_ name: Span<UInt8>, _ wanted: StaticString) -> Bool {
        guard name.count == wanted.utf8CodeUnitCount else { return false }
        for index in 0..<name.count where name[index] != wanted.utf8Start[index] { return false }
        return true
    }

    /// The next comma or white space, or the end: few other characters have so small a code.
    private static func separator(in bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        var place = ByteSearch.firstBelow(UInt8(ascii: ",") + 1, in: bytes, range)
        while place < range.upperBound {
            switch bytes[place] {
            case UInt8(ascii: ","), UInt8(ascii: " "), UInt8(ascii: "\t"): return place
            default: place = ByteSearch.firstBelow(UInt8(ascii: ",") + 1, in: bytes, place + 1..<range.upperBound)
            }
        }
        return place
    }

    private static func refusal(for found: Found, hasDate: Bool, header: ArraySlice<UInt8>) -> SignatureRefusal {
        var missing: [String] = []
        if found.credential == nil { missing.append("Credential") }
        if found.signature == nil { missing.append("Signature") }
        if found.signedHeaders == nil { missing.append("SignedHeaders") }
        return .missingInHeader(missing, date: !hasDate, header: String(lossy: header))
    }

    private static func notKeyEqualsValue(_ header: ArraySlice<UInt8>) -> SignatureRefusal {
        .notKeyEqualsValue(hashOfHeader: Base64.standard.encode(SHA256.hash(Array(header))))
    }
}

extension Authorization {
    /// The `Date` header may be an HTTP date; what is signed is its ISO 8601 form. botocore writes the zone as
    /// `-0000`, RFC 5322's way of saying UTC.
    mutating func spellTimestamp() {
        guard timestamp.count > 16 else { return }
        var text = Array(source[timestamp])
        if text.suffix(5).elementsEqual("-0000".utf8) || text.suffix(5).elementsEqual("+0000".utf8) {
            text.replaceSubrange(text.count - 5..<text.count, with: "GMT".utf8)
        }
        guard let moment = Instant(httpDate: text) else { return }
        let start = source.count
        source.append(moment.basic)
        timestamp = start..<source.count
    }
}

func moved(_ range: Range<Int>, by distance: Int) -> Range<Int> {
    range.lowerBound + distance..<range.upperBound + distance
}

extension StaticString {
    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount) }
}
