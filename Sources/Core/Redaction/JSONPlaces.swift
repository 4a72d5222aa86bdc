import Bytes
import JSON

/// The values of a JSON text with the path of each and where it stands, found without checking more than is needed to
/// find the way; a text that is cut gives what it has.
struct JSONPlaces {
    private static let deepest = 64

    let text: [UInt8]
    private var at = 0
    private var steps: [Path.Step] = []
    private let keepsSteps: Bool
    /// Of the names on the way to the value; where in a list it stands makes no difference.
    private var way: UInt64 = 14_695_981_039_346_656_037
    private var depth = 0

    init(_ text: [UInt8], keepsSteps: Bool = false) { (self.text, self.keepsSteps) = (text, keepsSteps) }

    /// Every value, containers too, each after what it holds. False when the text is no JSON to its end.
    @discardableResult
    mutating func visit(_ visit: ([Path.Step], Range<Int>) -> Void) -> Bool {
        guard value({ visit($0.steps, $1) }) else { return false }
        skipSpace()
        return at == text.count
    }

    /// Every string by what stands between its quotation marks, and a number for the names on the way to it.
    mutating func visitStrings(_ visit: (UInt64, Range<Int>) -> Void) -> Bool {
        let isWhole = value { places, range in
            guard places.text[range.lowerBound] == UInt8(ascii: "\"") else { return }
            visit(places.way, range.lowerBound + 1..<range.upperBound - 1)
        }
        skipSpace()
        return isWhole && at == text.count
    }

    /// The places of all values at a path; wildcards and indexes from either end are not for cut texts.
    static func places(of path: Path, in text: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var places = JSONPlaces(text, keepsSteps: true)
        places.visit { steps, range in if matches(path.steps, steps) { found.append(range) } }
        return found.sorted { $0.lowerBound < $1.lowerBound }
    }

    private static func matches(_ path: [Path.Step], _ steps: [Path.Step]) -> Bool {
        path.count == steps.count && zip(path, steps).allSatisfy { $0 == .all || $0 == $1 }
    }

    private mutating func value(_ visit: (borrowing JSONPlaces, Range<Int>) -> Void) -> Bool {
        skipSpace()
        let start = at
        guard at < text.count, depth < Self.deepest else { return false }
        switch text[at] {
        case UInt8(ascii: "{"): guard object(visit) else { return false }
        case UInt8(ascii: "["): guard array(visit) else { return false }
        case UInt8(ascii: "\""): guard string() else { return false }
        default:
            while at < text.count, SecretShapes.isWord(text[at]) || "+-.".utf8.contains(text[at]) { at += 1 }
            guard at > start else { return false }
        }
        visit(self, start..<at)
        return true
    }

    private mutating func object(_ visit: (borrowing JSONPlaces, Range<Int>) -> Void) -> Bool {
        at += 1
        if take(UInt8(ascii: "}")) { return true }
        repeat {
            skipSpace()
            let start = at + 1
            guard at < text.count, text[at] == UInt8(ascii: "\""), string() else { return false }
            let before = enter(text[start..<at - 1])
            defer { leave(before) }
            guard take(UInt8(ascii: ":")), value(visit) else { return false }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}"))
    }

    private mutating func array(_ visit: (borrowing JSONPlaces, Range<Int>) -> Void) -> Bool {
        at += 1
        if take(UInt8(ascii: "]")) { return true }
        var index = 0
        repeat {
            if keepsSteps { steps.append(.index(index)) }
            let before = enter(nil)
            defer { leave(before) }
            guard value(visit) else { return false }
            index += 1
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "]"))
    }

    private mutating func enter(_ name: ArraySlice<UInt8>?) -> UInt64 {
        let before = way
        depth += 1
        // FNV-1a: short names, and nobody chooses them to collide.
        way = (way ^ 0x2E) &* 1_099_511_628_211
        for byte in name ?? [] { way = (way ^ UInt64(byte)) &* 1_099_511_628_211 }
        if keepsSteps, let name { steps.append(.name(String(lossy: name))) }
        return before
    }

    private mutating func leave(_ before: UInt64) {
        way = before
        depth -= 1
        if keepsSteps { steps.removeLast() }
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
