import Bytes
import Delivery
import HTTPWire
import JSON
import Runtime

/// What of a call nobody may see: credentials, tokens, cookies and signatures, by their names and by their looks. Who
/// called and how is told beside the request: scheme, verdict and access key id.
///
/// Looked for once, before the call's record is written; the request itself stays whole. Head and fields are masked while
/// they are copied; a body that repeats a secret, as a template or the echo of a canonical request may do, is rare, and is
/// masked here.
struct Masking: ~Copyable {
    /// In the head of the request.
    private(set) var head = SecretPlaces()
    /// In the fields of the reply.
    private(set) var replyFields = SecretPlaces()
    private(set) var canonicalRequest: String?
    private(set) var why: String?
    private(set) var requestBody: [UInt8] = []
    private(set) var replyBody: [UInt8] = []
    /// Whether there is a reply that is told by its body, not by its frames.
    private(set) var hasReplyBody = false
    private(set) var frames: FrameRun?
    /// Secrets of the query as they read without their escapes, and as a canonical query writes them.
    private var respelled: [[UInt8]] = []

    mutating func prepare(for call: borrowing Call) {
        find(in: call.request)
        canonicalRequest = call.auth?.canonicalRequest.map(Self.masked(canonicalRequest:))
        why = call.why.map { head.found.isEmpty ? $0 : masked($0, secretsOf: call.request) }
        requestBody = KeptBody.cut(call.request.body)
        replyFields.removeAll()
        (hasReplyBody, replyBody, frames) = (false, [], nil)
        if let reply = call.reply { prepare(reply, answering: call.request) }
        guard call.hasSecretBodies else {
            maskForm(of: call.request)
            if call.operation == nil { maskMembers() }
            return
        }
        requestBody = Self.masked(body: requestBody)
        replyBody = Self.masked(body: replyBody)
    }

    /// Passwords and secrets in a form are masked at whatever door they arrive. (An agent's JSON is the agent's own; what
    /// comes where there is none is not.)
    private mutating func maskForm(of request: borrowing Request) {
        guard !requestBody.isEmpty, let type = request.value(of: .contentType),
            ASCII.equalsIgnoringCase(type.prefix(Self.form.count), Self.form)
        else { return }
        var places = SecretPlaces()
        places.query(0..<requestBody.count, in: requestBody.span)
        Self.replace(places.found, in: &requestBody)
    }

    private mutating func maskMembers() {
        guard let first = requestBody.first(where: { $0 > 0x20 }),
            first == UInt8(ascii: "{") || first == UInt8(ascii: "["),
            let value = try? Value.parse(requestBody)
        else { return }
        let masked = Self.masked(value)
        if masked != value { requestBody = masked.compact }
    }

    private static let form = Array("application/x-www-form-urlencoded".utf8)

    private mutating func find(in request: borrowing Request) {
        head.removeAll()
        if !respelled.isEmpty { respelled = [] }
        let bytes = request.head.span
        if let query = request.query {
            head.query(query, in: bytes)
            for place in head.found { respell(request.head[place]) }
        }
        for field in request.fields { head.field(field, in: bytes) }
    }

    private mutating func respell(_ secret: ArraySlice<UInt8>) {
        guard let decoded = PercentEncoding.decode(secret) else { return }
        for text in [decoded, Array(PercentEncoding.encode(decoded).utf8)] where text.count >= Self.least {
            respelled.append(text)
        }
    }

    private mutating func prepare(_ reply: borrowing ReplyRecord, answering request: borrowing Request) {
        // A secret under an innocent name may come back in a field that the service repeats.
        let searched = head.foundByLooks ? Int.max : reply.givenFields
        replyFields.lines(reply.fields.bytes.span.extracting(first: searched))
        hasReplyBody = reply.frames == nil
        frames = reply.frames
        var body = hasReplyBody ? reply.body : []
        if !head.found.isEmpty { remove(from: &body, secretsOf: request) }
        replyBody = body
        guard !head.found.isEmpty else { return }
        // Calls share a script, and only one that has to differ gets a copy.
        guard let run = frames else { return }
        for index in run.script.frames.indices {
            var bytes = run.script.frames[index].bytes
            if remove(from: &bytes, secretsOf: request) { frames?.script.frames[index].bytes = bytes }
        }
    }

    /// A secret that is shorter would be found where it is not meant.
    private static let least = 8

    private func masked(_ text: String, secretsOf request: borrowing Request) -> String {
        var bytes = Array(text.utf8)
        remove(from: &bytes, secretsOf: request)
        return String(lossy: bytes)
    }

    @discardableResult
    private func remove(from body: inout [UInt8], secretsOf request: borrowing Request) -> Bool {
        var isChanged = false
        for place in head.found where place.count >= Self.least && place.count <= body.count {
            if Self.replace(request.head.span.extracting(place), in: &body) { isChanged = true }
        }
        for secret in respelled where Self.replace(secret.span, in: &body) { isChanged = true }
        return isChanged
    }

    private static func replace(_ secret: Span<UInt8>, in bytes: inout [UInt8]) -> Bool {
        // Its beginning is looked for, and is nearly never there.
        let beginning = secret.extracting(first: 16)
        var (start, isChanged) = (0, false)
        while let place = ByteSearch.first(beginning, in: bytes.span, from: start) {
            let end = place + secret.count
            if end <= bytes.count, ByteSearch.equal(bytes.span.extracting(place..<end), secret) {
                bytes.replaceSubrange(place..<end, with: maskBytes)
                (start, isChanged) = (place + maskBytes.count, true)
            } else {
                start = place + 1
            }
        }
        return isChanged
    }

    private static let maskBytes = Array("\(SecretName.mask)".utf8)

    private static func replace(_ places: [Range<Int>], in bytes: inout [UInt8]) {
        for place in places.reversed() { bytes.replaceSubrange(place, with: maskBytes) }
    }

    // MARK: Texts with secrets inside

    /// The lines of a canonical request are: method, path, query, header fields, and after an empty line the rest.
    static func masked(canonicalRequest text: String) -> String {
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

    /// A call to the issuer, or its answer: a form or JSON that holds passwords and tokens by name. A body that is neither
    /// may hold a secret anywhere, so nothing of it stays.
    static func masked(body: [UInt8]) -> [UInt8] {
        guard let first = body.first(where: { $0 > 0x20 }) else { return body }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            do throws(SyntaxError) {
                return masked(try Value.parse(body)).compact
            } catch {
                return maskBytes
            }
        }
        return masked(form: body)
    }

    /// Every member with a secret's name, at any depth and of whatever kind.
    private static func masked(_ value: Value) -> Value {
        switch value {
        case .array(let elements): .array(elements.map(masked))
        case .object(let members):
            .object(
                members.map { member in
                    // Cognito's `Session` stands for a caller between two steps of signing in.
                    let isSecret = SecretName.matches(member.name) || member.name == "Session"
                    return Value.Member(
                        member.name, isSecret ? .string("\(SecretName.mask)") : masked(member.value))
                })
        default: value
        }
    }

    private static func masked(form body: [UInt8]) -> [UInt8] {
        let isForm = body.split(separator: UInt8(ascii: "&")).allSatisfy { $0.contains(UInt8(ascii: "=")) }
        guard isForm, !body.contains(where: { $0 <= 0x20 || $0 > 0x7E }) else { return maskBytes }
        var places = SecretPlaces()
        places.query(0..<body.count, in: body.span)
        var form = body
        replace(places.found, in: &form)
        return form
    }
}
