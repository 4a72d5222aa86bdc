import Bytes
import JSON

/// The recorded calls of one agent, qualifier and operation, by what they were asked.
struct ReplayIndex: Sendable {
    /// Where recorded payloads and header fields have holes.
    struct Mask: Hashable, Sendable {
        var places: Set<Place> = []
        var headers: Set<Int> = []

        var isEmpty: Bool { places.isEmpty && headers.isEmpty }
    }

    /// Recorded calls whose forms are equal, holes and all, and the texts around their redacted places.
    struct Variant: Sendable {
        var texts: [Place: RedactedText]
        var group: Int
    }

    struct Masked: Sendable {
        var mask: Mask
        var variants: [ByteKey: [Variant]] = [:]
    }

    /// Forms without holes.
    var exact: [ByteKey: Int] = [:]
    var masked: [Masked] = []
    /// Payloads that are no JSON and have redacted places: each is tried.
    var texts: [(text: RedactedText, headers: [UInt8], group: Int)] = []
    /// All calls as one group, for `sequence`.
    var everything: Int?
    /// The calls, for telling which is nearest.
    var calls: [Int] = []

    func groups(for question: borrowing ReplayQuestion, _ asking: Asking) -> [Int] {
        let (volatile, headers) = (asking.volatile, asking.headers)
        var found: [Int] = []
        let fields = Self.headerForm(headers, question.header)
        let form = PayloadForm.request(question.payload, volatile: volatile).bytes + fields
        if let group = exact[ByteKey(form)] { found.append(group) }
        for masked in masked {
            let form = PayloadForm.request(question.payload, volatile: volatile, mask: masked.mask.places).bytes
            let fields = Self.headerForm(headers, question.header, holes: masked.mask.headers)
            for variant in masked.variants[ByteKey(form + fields)] ?? [] where fits(variant, question.payload) {
                found.append(variant.group)
            }
        }
        for entry in texts where entry.headers == fields && entry.text.matches(question.payload.bytes) {
            found.append(entry.group)
        }
        return found
    }

    private func fits(_ variant: Variant, _ payload: borrowing ParsedPayload) -> Bool {
        for (place, text) in variant.texts where !text.isWhole {
            guard let there = payload.value(at: place)?.text, text.matches(Array(there.utf8)) else { return false }
        }
        return true
    }

    /// The fields that have to agree, behind the payload's form.
    static func headerForm(
        _ names: [[UInt8]], _ value: ReplayQuestion.Header, holes: Set<Int> = []
    ) -> [UInt8] {
        var form: [UInt8] = []
        for (index, name) in names.enumerated() {
            form.append(0x0A)
            if holes.contains(index) {
                form.append(0x00)
            } else if let value = value(name) {
                form.append(UInt8(ascii: ":"))
                form += value
            }
        }
        return form
    }
}

extension ReplayIndex {
    /// How payloads and header fields are compared.
    struct Asking {
        var volatile: [Path]
        var headers: [[UInt8]]
    }

    /// Takes in the call of this number, and says which group it belongs to.
    mutating func add(
        _ call: RecordedCall, _ number: Int, next: Int, _ mode: ReplayOptions.Mode, _ asking: Asking
    ) -> Int {
        calls.append(number)
        guard mode == .sequence else { return group(of: call, next: next, asking) }
        let group = everything ?? next
        everything = group
        return group
    }

    /// The group that a recorded call belongs to: one that is there, or `next`, which begins with it.
    mutating func group(of call: RecordedCall, next: Int, _ asking: Asking) -> Int {
        let payload = ParsedPayload(call.requestBody)
        let header: ReplayQuestion.Header = { name in
            call.requestFields.value(of: String(lossy: name)).map { Array($0.utf8)[...] }
        }
        if payload.value == nil, let text = RedactedText(payload.bytes) {
            return group(of: text, Self.headerForm(asking.headers, header), next)
        }
        let form = PayloadForm.recorded(payload, volatile: asking.volatile)
        var mask = Mask(places: Set(form.holes.map(\.place)))
        for (number, name) in asking.headers.enumerated() {
            if header(name).flatMap({ RedactedText(Array($0)) }) != nil { mask.headers.insert(number) }
        }
        let key = ByteKey(form.bytes + Self.headerForm(asking.headers, header, holes: mask.headers))
        guard !mask.isEmpty else {
            let group = exact[key] ?? next
            exact[key] = group
            return group
        }
        return group(of: key, mask, form.holes, next)
    }

    private mutating func group(of text: RedactedText, _ fields: [UInt8], _ next: Int) -> Int {
        if let known = texts.first(where: { $0.text == text && $0.headers == fields }) { return known.group }
        texts.append((text, fields, next))
        return next
    }

    private mutating func group(
        of key: ByteKey, _ mask: Mask, _ holes: [(place: Place, text: RedactedText)], _ next: Int
    ) -> Int {
        let texts = Dictionary(holes.map { ($0.place, $0.text) }, uniquingKeysWith: { first, _ in first })
        let place = masked.firstIndex { $0.mask == mask } ?? masked.count
        if place == masked.count { masked.append(Masked(mask: mask)) }
        if let known = masked[place].variants[key]?.first(where: { $0.texts == texts }) { return known.group }
        masked[place].variants[key, default: []].append(Variant(texts: texts, group: next))
        return next
    }
}
