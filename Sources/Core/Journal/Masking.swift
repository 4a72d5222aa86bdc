import Bytes
import Delivery
import HTTPWire
import JSON
import Redaction
import Runtime

/// What of a call nobody may see: credentials, tokens, cookies and signatures, by their names and by their looks. Who
/// called and how is told beside the request: scheme, verdict and access key id.
///
/// Looked for once, before the call's record is written; the request itself stays whole, and so does what leaves. Head and
/// fields are masked while they are copied. Bodies are the agents' own, and lose what is a secret by its name or its looks;
/// a reply that repeats a secret of its request, as a template may do, loses it too.
package struct Masking: ~Copyable {
    /// In the head of the request.
    private(set) var head = SecretPlaces(looksInside: true)
    /// In the fields of the reply.
    private(set) var replyFields = SecretPlaces(looksInside: true)
    private(set) var canonicalRequest: String?
    /// Why a caller was refused: the service's own words may repeat what it sent.
    private(set) var authWhy: String?
    private(set) var why: String?
    private(set) var requestBody: [UInt8] = []
    private(set) var replyBody: [UInt8] = []
    /// Whether there is a reply that is told by its body, not by its frames.
    private(set) var hasReplyBody = false
    private(set) var frames: FrameRun?
    /// Secrets of the query as they read without their escapes, and as a canonical query writes them; those of the body.
    private var respelled = RepeatedSecrets()
    private var scripts = MaskedScripts()
    /// Where a secret of the request was found that an answer may repeat.
    private(set) var secretParts = SecretParts()

    mutating func prepare(for call: borrowing Call) {
        secretParts = SecretParts()
        find(in: call.request)
        canonicalRequest = call.auth?.canonicalRequest.map(Self.masked(canonicalRequest:))
        authWhy = call.auth?.why.map { masked($0, secretsOf: call.request) }
        prepareBody(of: call)
        prepareAnswer(of: call)
    }

    /// For what became known after the call had arrived: its request is looked through again only where it may matter.
    mutating func prepare(forAnswerTo call: borrowing Call) {
        let parts = call.secretParts ?? SecretParts(head: true, body: true)
        head.removeAll()
        respelled.removeAll()
        (canonicalRequest, authWhy, requestBody) = (nil, nil, [])
        if parts.head { find(in: call.request) }
        if parts.body { prepareBody(of: call) }
        prepareAnswer(of: call)
    }

    private mutating func prepareAnswer(of call: borrowing Call) {
        why = call.why.map { masked($0, secretsOf: call.request) }
        replyFields.removeAll()
        (hasReplyBody, replyBody, frames) = (false, [], nil)
        if let reply = call.reply { prepare(reply, answering: call) }
    }

    private mutating func prepareBody(of call: borrowing Call) {
        requestBody = KeptBody.cut(call.request.body)
        secretParts.body = call.hasSecretBodies
        if call.hasSecretBodies { return requestBody = Self.masked(body: requestBody) }
        maskForm(of: call.request)
        let isStray = call.operation == nil
        let secrets = Self.mask(&requestBody, isCut: requestBody.count < call.request.body.count, isStray: isStray)
        for secret in secrets where BodySecrets.isTelling(secret) {
            secretParts.body = true
            respelled.add(secret)
        }
        if respelled.isEmpty { return }
        respelled.arrange()
    }

    /// Of a body that was cut, what stands at the cut may be the beginning of a secret that would be known by its end.
    private static func mask(_ body: inout [UInt8], isCut: Bool, isStray: Bool = false) -> [[UInt8]] {
        let secrets = BodySecrets.mask(&body, isStray: isStray)
        // Masks may be longer than what they stand for.
        if !secrets.isEmpty { body = KeptBody.cut(body) }
        guard isCut else { return secrets }
        let rest = body.suffix(longestCut).reversed().prefix(while: BodySecrets.mayBePart).count
        if rest < longestCut { body.removeLast(rest) }
        return secrets
    }

    /// What is longer is no secret that was cut.
    private static let longestCut = 4_096

    /// Passwords and secrets in a form are masked at whatever door they arrive.
    private mutating func maskForm(of request: borrowing Request) {
        guard !requestBody.isEmpty, let type = request.value(of: .contentType),
            ASCII.equalsIgnoringCase(type.prefix(Self.form.count), Self.form)
        else { return }
        var places = SecretPlaces()
        places.query(0..<requestBody.count, in: requestBody.span)
        Self.replace(places.found, in: &requestBody)
    }

    private static let form = Array("application/x-www-form-urlencoded".utf8)

    private mutating func find(in request: borrowing Request) {
        head.removeAll()
        respelled.removeAll()
        let bytes = request.head.span
        if let query = request.query {
            head.query(query, in: bytes)
            for place in head.found { respell(request.head[place]) }
            if !respelled.isEmpty { respelled.arrange() }
        }
        // Most fields have a name that was known while the head was read.
        let innocent = request.placesOfKnown(but: Self.telling)
        let fields = request.fields
        for index in fields.indices {
            if innocent >> UInt64(index) & 1 == 1 {
                head.innocent(fields[index].value, in: bytes)
            } else {
                head.field(fields[index], in: bytes)
            }
        }
        secretParts.head = !head.found.isEmpty || head.foundByLooks
    }

    /// Those of the known fields that may hold a secret: by their names, and lists of what callers like to tell.
    private static let telling = KnownFields.understudy.names.indices.filter { index in
        let name = KnownFields.understudy.names[index]
        return [KnownField.baggage.number, KnownField.traceState.number].contains(index)
            || SecretPlaces.isTelling(Array("\(name)".utf8).span)
    }

    private mutating func respell(_ secret: ArraySlice<UInt8>) {
        guard let decoded = PercentEncoding.decode(secret) else { return }
        for text in [decoded, Array(PercentEncoding.encode(decoded).utf8)] where text.count >= Self.least {
            respelled.add(text)
        }
    }

    private mutating func prepare(_ reply: borrowing ReplyRecord, answering call: borrowing Call) {
        // A secret under an innocent name may come back in a field that the service repeats.
        let searched = head.foundByLooks ? Int.max : reply.givenFields
        prepare(reply.fields.bytes.span.extracting(first: searched), answering: call.request)
        hasReplyBody = reply.frames == nil
        frames = reply.frames.map { scripts.masked($0) }
        replyBody = hasReplyBody ? reply.body : []
        if call.hasSecretBodies {
            replyBody = Self.masked(body: replyBody)
        } else {
            _ = Self.mask(&replyBody, isCut: reply.bodyBytes > replyBody.count && hasReplyBody)
        }
        removeFromReply(secretsOf: call.request)
    }

    private mutating func prepare(_ lines: Span<UInt8>, answering request: borrowing Request) {
        replyFields.lines(lines)
        let repeats = repeats(in: lines, secretsOf: request)
        guard !repeats.isEmpty else { return }
        HeaderLines.forEach(in: lines) { field in
            for place in repeats where field.value.contains(place) { replyFields.mask(place) }
        }
    }

    /// From what is kept of the reply. Calls share a script, and only one that has to differ gets a copy.
    private mutating func removeFromReply(secretsOf request: borrowing Request) {
        guard !head.found.isEmpty || !respelled.isEmpty else { return }
        var body = replyBody
        replyBody = []
        remove(from: &body, secretsOf: request)
        replyBody = body
        guard let run = frames else { return }
        for index in run.script.frames.indices {
            var bytes = run.script.frames[index].bytes
            if remove(from: &bytes, secretsOf: request) { frames?.script.frames[index].mask(bytes) }
        }
    }

    /// A secret that is shorter would be found where it is not meant.
    private static let least = 8

    private func masked(_ text: String, secretsOf request: borrowing Request) -> String {
        var bytes = Array(text.utf8)
        remove(from: &bytes, secretsOf: request)
        BodySecrets.mask(&bytes)
        return String(lossy: bytes)
    }

    @discardableResult
    private func remove(from body: inout [UInt8], secretsOf request: borrowing Request) -> Bool {
        let places = repeats(in: body.span, secretsOf: request)
        Self.replace(places, in: &body)
        return !places.isEmpty
    }

    /// Where a text repeats a secret of the request: in ascending order, none in another.
    private func repeats(in text: Span<UInt8>, secretsOf request: borrowing Request) -> [Range<Int>] {
        var places: [Range<Int>] = []
        for place in head.found where place.count >= Self.least && place.count <= text.count {
            Self.find(request.head.span.extracting(place), in: text, &places)
        }
        if !respelled.isEmpty { respelled.find(in: text, &places) }
        return places.apart
    }

    private static func find(_ secret: Span<UInt8>, in text: Span<UInt8>, _ places: inout [Range<Int>]) {
        // Its beginning is looked for, and is nearly never there.
        let beginning = secret.extracting(first: 16)
        var start = 0
        while let place = ByteSearch.first(beginning, in: text, from: start) {
            let end = place + secret.count
            let isWhole = end <= text.count && ByteSearch.equal(text.extracting(place..<end), secret)
            if isWhole { places.append(place..<end) }
            start = isWhole ? end : place + 1
        }
    }

    private static let maskBytes = Array("\(SecretName.mask)".utf8)

    private static func replace(_ places: [Range<Int>], in bytes: inout [UInt8]) {
        for place in places.reversed() { bytes.replaceSubrange(place, with: maskBytes) }
    }

    // MARK: Texts with secrets inside

    /// What a caller calls its session or its user, of which the header field is masked when it is a token.
    package static func masked(id: String) -> String {
        guard SecretPlaces.looksLikeToken(id.utf8.span) else { return id }
        return "\(SecretName.mask)"
    }

    /// The lines of a canonical request are: method, path, query, header fields, and after an empty line the rest.
    static func masked(canonicalRequest text: String) -> String {
        var bytes = Array(text.utf8)
        var places = SecretPlaces(looksInside: true)
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

/// The parts of a request in which its record has masks.
package struct SecretParts: Equatable, Sendable {
    var head = false
    var body = false
}
