import Bytes
import JSON

/// The values of a JSON text with the path of each and where it stands, found without checking more than is needed to
/// find the way; a text that is cut gives what it has.
struct JSONPlaces {
    private static let deepest = 64

    let text: [UInt8]
    private var at = 0
    private var steps: [Path.Step] = []

    init(_ text: [UInt8]) { self.text = text }

    /// Every value, containers too, each after what it holds. False when the text is no JSON to its end.
    @discardableResult
    mutating func visit(_ visit: ([Path.Step], Range<Int>) -> Void) -> Bool {
        guard value(visit) else { return false }
        skipSpace()
        return at == text.count
    }

    /// The places of all values at a path; wildcards and indexes from either end are not for cut texts.
    static func places(of path: Path, in text: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var places = JSONPlaces(text)
        places.visit { steps, range in if matches(path.steps, steps) { found.append(range) } }
        return found.sorted { $0.lowerBound < $1.lowerBound }
    }

    private static func matches(_ path: [Path.Step], _ steps: [Path.Step]) -> Bool {
        path.count == steps.count && zip(path, steps).allSatisfy { $0 == .all || $0 == $1 }
    }

    private mutating func value(_ visit: ([Path.Step], Range<Int>) -> Void) -> Bool {
        skipSpace()
        let start = at
        guard at < text.count, steps.count < Self.deepest else { return false }
        switch text[at] {
        case UInt8(ascii: "{"): guard object(visit) else { return false }
        case UInt8(ascii: "["): guard array(visit) else { return false }
        case UInt8(ascii: "\""): guard string() else { return false }
        default:
            while at < text.count, SecretShapes.isWord(text[at]) || "+-.".utf8.contains(text[at]) { at += 1 }
            guard at > start else { return false }
        }
        visit(steps, start..<at)
        return true
    }

    private mutating func object(_ visit: ([Path.Step], Range<Int>) -> Void) -> Bool {
        at += 1
        if take(UInt8(ascii: "}")) { return true }
        repeat {
            skipSpace()
            let start = at + 1
            guard at < text.count, text[at] == UInt8(ascii: "\""), string() else { return false }
            steps.append(.name(String(lossy: text[start..<at - 1])))
            defer { steps.removeLast() }
            guard take(UInt8(ascii: ":")), value(visit) else { return false }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}"))
    }

    private mutating func array(_ visit: ([Path.Step], Range<Int>) -> Void) -> Bool {
        at += 1
        if take(UInt8(ascii: "]")) { return true }
        var index = 0
        repeat {
            steps.append(.index(index))
            defer { steps.removeLast() }
            guard value(visit) else { return false }
            index += 1
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "]"))
    }

    private mutating func string() -> Bool {
        at += 1
        while at < text.count, text[at] != UInt8(ascii: "\"") { at += text[at] == UInt8(ascii: "\\") ? 2 : 1 }
        guard at < text.count else { return false }
        at += 1
        return true
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard at < text.count, text[at] == byte else { return false }
        at += 1
        return true
    }

    private mutating func skipSpace() { while at < text.count, text[at] <= 0x20 { at += 1 } }
}
