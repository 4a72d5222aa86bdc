import Bytes
import HTTPWire

/// Takes the secrets out of what the journal keeps: credentials, tokens, cookies and signatures, by their names and by
/// their looks. Who called and how is told beside the request: scheme, verdict and access key id.
package enum Redaction {
    static let mask: StaticString = "[redacted]"

    /// The request with `[redacted]` in place of every secret.
    package static func redact(_ request: consuming Request) -> Request {
        let secrets = Secrets(of: request)
        redact(&request, secrets)
        return request
    }

    /// What a request holds that nobody may see, searched for once.
    package struct Secrets: Sendable {
        fileprivate let places: [Range<Int>]
        /// What may not be repeated: every secret as it stood, decoded, and encoded as a canonical query writes it. A
        /// short one would be found where it is not meant.
        fileprivate let texts: [[UInt8]]
        /// Whether a field holds one whose name does not say so: such a field may come back in the answer.
        fileprivate let areUnderAnyName: Bool

        package init(of request: borrowing Request) {
            let found = Redaction.places(in: request)
            places = found.masked
            areUnderAnyName = found.foundByLooks
            texts = found.found.isEmpty ? [] : Redaction.texts(at: found.found, in: request)
        }
    }

    package static func redact(_ request: inout Request, _ secrets: Secrets) {
        for secret in secrets.places.reversed() {
            // Nearly always the secret ends its field's value: then nothing has to move.
            if secret.count >= mask.utf8CodeUnitCount,
                let field = request.fields.firstIndex(where: { $0.value.upperBound == secret.upperBound })
            {
                let end = overwrite(secret, in: &request.head)
                request.fields[field].value = request.fields[field].value.lowerBound..<end
            } else {
                replace(secret, in: &request)
            }
        }
    }

    package static func redact(_ fields: consuming FieldBlock) -> FieldBlock {
        let count = fields.bytes.count
        redact(&fields, ofFirst: count)
        return fields
    }

    private static func redact(_ fields: inout FieldBlock, ofFirst count: Int) {
        let places = places(in: fields.bytes.span.extracting(..<count))
        guard !places.isEmpty else { return }
        var redacted = fields.bytes
        replace(places, in: &redacted)
        fields = FieldBlock(bytes: redacted)
    }

    private static func places(in fields: Span<UInt8>) -> [Range<Int>] {
        var places = SecretPlaces()
        eachField(of: fields) { places.field($0, in: fields) }
        return places.masked
    }

    /// The record of a reply: its fields' secrets, and in a body or frames whatever secret of the request they repeat,
    /// as a template or the echo of a signature's canonical request may do.
    package static func redact(_ reply: consuming ReplyRecord, answering request: Request) -> ReplyRecord {
        let count = reply.fields.bytes.count
        redact(&reply, without: Secrets(of: request), givenFields: count)
        return reply
    }

    /// - Parameter givenFields: how many bytes of the fields the reply itself gave. Those behind are the service's own:
    ///   they repeat fields of the request, and nothing else that could be secret.
    package static func redact(
        _ reply: inout ReplyRecord, without secrets: Secrets, givenFields: Int
    ) {
        let count = reply.fields.bytes.count
        let searched = secrets.areUnderAnyName ? count : min(givenFields, count)
        if searched > 0 { redact(&reply.fields, ofFirst: searched) }
        guard !secrets.texts.isEmpty else { return }
        remove(secrets.texts, from: &reply.body)
        guard var frames = reply.frames else { return }
        // Calls share a script, and only one that has to differ gets a copy.
        for index in frames.script.frames.indices where holds(secrets.texts, frames.script.frames[index].bytes) {
            remove(secrets.texts, from: &frames.script.frames[index].bytes)
        }
        reply.frames = frames
    }

    /// The lines of a canonical request are: method, path, query, header fields, and after an empty line the rest.
    package static func redact(canonicalRequest text: String) -> String {
        var bytes = Array(text.utf8)
        var places = SecretPlaces()
        var start = 0
        var line = 0
        while start < bytes.count, line < 3 || bytes[start] != UInt8(ascii: "\n") {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            if line == 2 {
                places.query(start..<end, in: bytes.span)
            } else if line > 2, let colon = bytes[start..<end].firstIndex(of: UInt8(ascii: ":")) {
                places.field(FieldRange(name: start..<colon, value: colon + 1..<end), in: bytes.span)
            }
            start = end + 1
            line += 1
        }
        replace(places.masked, in: &bytes)
        return String(lossy: bytes)
    }

    static func replace(_ places: [Range<Int>], in bytes: inout [UInt8]) {
        for place in places.reversed() { bytes.replaceSubrange(place, with: maskBytes) }
    }

    static let maskBytes = Array("\(mask)".utf8)

    private static func places(in request: borrowing Request) -> SecretPlaces {
        var places = SecretPlaces()
        let head = request.head.span
        if let query = request.query { places.query(query, in: head) }
        for field in request.fields { places.field(field, in: head) }
        return places
    }

    private static func texts(at places: [Range<Int>], in request: borrowing Request) -> [[UInt8]] {
        var texts: [[UInt8]] = []
        for place in places {
            let raw = request.head.withUnsafeBufferPointer { Array($0[place]) }
            if raw.count >= 8 { texts.append(raw) }
            guard let query = request.query, query.contains(place.lowerBound),
                let decoded = PercentEncoding.decode(raw)
            else { continue }
            for text in [decoded, Array(PercentEncoding.encode(decoded).utf8)] where text.count >= 8 {
                texts.append(text)
            }
        }
        return texts
    }

    private static func holds(_ secrets: [[UInt8]], _ bytes: [UInt8]) -> Bool {
        secrets.contains { ByteSearch.first($0.span, in: bytes.span, from: 0) != nil }
    }

    private static func remove(_ secrets: [[UInt8]], from bytes: inout [UInt8]) {
        for secret in secrets where secret.count <= bytes.count {
            var start = 0
            while let place = ByteSearch.first(secret.span, in: bytes.span, from: start) {
                bytes.replaceSubrange(place..<place + secret.count, with: maskBytes)
                start = place + maskBytes.count
            }
        }
    }

    /// Writes the mask over the start of the secret and spaces over the rest; gives the end of the mask.
    private static func overwrite(_ secret: Range<Int>, in bytes: inout [UInt8]) -> Int {
        let end = secret.lowerBound + mask.utf8CodeUnitCount
        bytes.withUnsafeMutableBufferPointer { letters in
            precondition(letters.indices.contains(secret.lowerBound) && secret.upperBound <= letters.count)
            let masked = UnsafeMutableBufferPointer(rebasing: letters[secret.lowerBound..<end])
            _ = masked.update(fromContentsOf: UnsafeBufferPointer(start: mask.utf8Start, count: masked.count))
            UnsafeMutableBufferPointer(rebasing: letters[end..<secret.upperBound]).update(repeating: UInt8(ascii: " "))
        }
        return end
    }

    /// Puts the mask in place of the secret and moves every place behind it.
    private static func replace(_ secret: Range<Int>, in request: inout Request) {
        request.head.replaceSubrange(secret, with: maskBytes)
        let change = maskBytes.count - secret.count
        func moved(_ place: Int) -> Int { place >= secret.upperBound ? place + change : place }
        func moved(_ range: Range<Int>) -> Range<Int> { moved(range.lowerBound)..<moved(range.upperBound) }
        request.method = moved(request.method)
        request.target = moved(request.target)
        request.path = moved(request.path)
        request.query = request.query.map { moved($0) }
        for index in request.fields.indices {
            request.fields[index].name = moved(request.fields[index].name)
            request.fields[index].value = moved(request.fields[index].value)
        }
    }

    /// `Name: value\r\n` for each.
    private static func eachField(of bytes: Span<UInt8>, _ body: (FieldRange) -> Void) {
        var start = 0
        while start < bytes.count {
            let end = ByteSearch.first(UInt8(ascii: "\r"), in: bytes, start..<bytes.count)
            let colon = ByteSearch.first(UInt8(ascii: ":"), in: bytes, start..<end)
            if colon < end { body(FieldRange(name: start..<colon, value: min(colon + 2, end)..<end)) }
            start = end + 2
        }
    }
}
