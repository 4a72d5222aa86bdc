import Bytes
import JSON

/// The body of a call, parsed at most once and only when somebody asks. The first place that is asked for is looked up
/// in the raw bytes: most libraries look at one place, and finding it costs a tenth of parsing all. It may so be found in
/// a payload that breaks off after it, and that as a whole is no JSON.
package struct Payload: Sendable {
    package let bytes: [UInt8]
    private var root: Value?
    private var firstFinding: (path: Path, value: Value)?
    private var latestPairs = (place: -1, pairs: PairSet.all)

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The values at this place, one unless the path has a wildcard.
    mutating func values(at path: Path) -> [Value] {
        if path.hasWildcard { return path.all(in: whole) }
        return value(at: path).map { [$0] } ?? []
    }

    mutating func value(at path: Path) -> Value? {
        if let root { return path.lookup(in: root) }
        if let firstFinding {
            if firstFinding.path == path { return firstFinding.value }
        } else if !path.steps.isEmpty, let found = path.scannedValue(in: bytes.span) {
            firstFinding = (path, found)
            return found
        }
        return path.lookup(in: whole)
    }

    /// The pairs of bytes of the text at one of these places. What is no text is no reason to pass a rule over.
    mutating func pairs(at place: Int, of places: [Path]) -> PairSet {
        if place != latestPairs.place {
            latestPairs = (place, value(at: places[place])?.text.map { PairSet(of: $0.utf8.span) } ?? .all)
        }
        return latestPairs.pairs
    }

    /// The payload as a value. One that is not JSON stands as a string: `$` is then its text.
    package var whole: Value {
        mutating get {
            if let root { return root }
            let parsed: Value
            do throws(SyntaxError) {
                parsed = try Value.parse(bytes)
            } catch {
                parsed = .string(String(lossy: bytes))
            }
            root = parsed
            return parsed
        }
    }
}
