import Bytes
import Delivery
import HTTPWire
import JSON

// Rules.  What may be large is made while its reader takes it: so many bytes, and then others have their turn. What fits into
//         one piece is said at once, with its length.
// Theory. A reader that is slow holds one piece and where it is, not the answer: thousands of them cost what they read, not
//         what they asked for. A part of the answer that is large by itself is made once for all who are at it.

/// What an answer is made of, in order.
typealias AnswerParts = any IteratorProtocol<SharedTexts.Text>

struct PulledJSON: ControlSource {
    private static let bytes = 16_384

    let watchesJournal = false
    private var parts: AnswerParts
    private let end: [UInt8]
    private var part = SharedTexts.Text([])
    private var taken = 0
    private var mayGoOn = true

    /// `end` stands behind the last part.
    init(_ parts: AnswerParts, end: [UInt8] = [UInt8(ascii: "\n")]) { (self.parts, self.end) = (parts, end) }

    mutating func next(now: Int64) -> NextSteps {
        guard mayGoOn else {
            mayGoOn = true
            return .waits(until: now)
        }
        mayGoOn = false
        let (json, isAll) = take()
        return .steps(isAll ? [.body(json + end), .end] : [.body(json)])
    }

    /// The next piece, and whether it is the last.
    fileprivate mutating func take() -> (json: [UInt8], isAll: Bool) {
        var json: [UInt8] = []
        while json.count < Self.bytes {
            if taken == part.bytes.count {
                guard let next = parts.next() else { return (json, true) }
                (part, taken) = (next, 0)
            }
            let end = min(part.bytes.count, taken + Self.bytes - json.count)
            json.append(contentsOf: part.bytes[taken..<end])
            taken = end
        }
        return (json, false)
    }
}

extension ControlAnswer {
    /// Lines of text.
    static func pulled(_ parts: AnswerParts, contentType: String) -> ControlAnswer {
        var source = PulledJSON(parts, end: [])
        let (text, isAll) = source.take()
        if isAll { return .text(String(lossy: text), contentType: contentType) }
        let fields = ControlTable.fields(contentType: contentType)
        return .steps([.head(ResponseHead(status: 200, fields: fields, length: .unknown)), .body(text)], source)
    }

    static func pulled(_ parts: AnswerParts) -> ControlAnswer {
        var source = PulledJSON(parts)
        let (json, isAll) = source.take()
        if isAll { return .bytes(json) }
        let fields = ControlTable.fields(contentType: "application/json")
        return .steps([.head(ResponseHead(status: 200, fields: fields, length: .unknown)), .body(json)], source)
    }
}

/// An object that ends in a list: its other members, and elements that are made one by one.
struct ListParts: IteratorProtocol {
    private let head: Value
    private let name: String
    private let count: Int
    private let element: (Int) -> Value?
    private var index = -1
    private var isFirst = true

    /// An element that is nil is left out.
    init(_ name: String, behind head: Value = .object([]), count: Int, _ element: @escaping (Int) -> Value?) {
        (self.head, self.name, self.count, self.element) = (head, name, count, element)
    }

    mutating func next() -> SharedTexts.Text? { bytes().map(SharedTexts.Text.init) }

    private mutating func bytes() -> [UInt8]? {
        if index < 0 {
            index = 0
            return beginning
        }
        while index < count {
            index += 1
            guard let value = element(index - 1) else { continue }
            var json: [UInt8] = isFirst ? [] : [UInt8(ascii: ",")]
            isFirst = false
            value.append(to: &json)
            return json
        }
        guard index == count else { return nil }
        index += 1
        return Array("]}".utf8)
    }

    private var beginning: [UInt8] {
        var json = head.compact
        json.removeLast()
        if json.count > 1 { json.append(UInt8(ascii: ",")) }
        Value.string(name).append(to: &json)
        return json + Array(":[".utf8)
    }
}
