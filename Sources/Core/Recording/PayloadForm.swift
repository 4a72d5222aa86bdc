import Bytes
import JSON

// Rules.  Two payloads are the same when their forms are: JSON with its members sorted and its numbers in one spelling,
//         anything else byte by byte. What lies at a volatile path is left out, and the id of a JSON-RPC request.
//         A string of a recording with a redacted place in it becomes a hole; the form of a request has a hole wherever
//         the recorded one has, so both are equal if all else is.
// Theory. A form is bytes, so that a request is found among any number of recorded ones by one look-up. Recorded forms
//         with holes at the same places share a mask: one look-up more for each mask there is, and there are few.

/// One member or element on the way to a place.
enum PlaceStep: Hashable, Sendable {
    case name(String)
    case index(Int)
}

typealias Place = [PlaceStep]

/// Writes payloads in their form.
struct PayloadForm {
    private static let hole: UInt8 = 0x00
    private static let json: UInt8 = 0x01
    private static let other: UInt8 = 0x02

    private let volatile: [Path]
    /// Where holes have to be.
    private let mask: Set<Place>
    /// The holes that redacted places made, each with its text.
    private(set) var holes: [(place: Place, text: RedactedText)] = []
    private let makesHoles: Bool
    private var place: Place = []
    private(set) var bytes: [UInt8] = []

    private init(volatile: [Path], mask: Set<Place>, makesHoles: Bool) {
        (self.volatile, self.mask, self.makesHoles) = (volatile, mask, makesHoles)
    }

    /// Of a recorded payload: redacted places become holes.
    static func recorded(_ payload: borrowing ParsedPayload, volatile: [Path]) -> PayloadForm {
        var form = PayloadForm(volatile: volatile, mask: [], makesHoles: true)
        form.write(payload)
        return form
    }

    /// Of a request, with holes where the mask has them.
    static func request(_ payload: borrowing ParsedPayload, volatile: [Path], mask: Set<Place> = []) -> PayloadForm {
        var form = PayloadForm(volatile: volatile, mask: mask, makesHoles: false)
        form.write(payload)
        return form
    }

    private mutating func write(_ payload: borrowing ParsedPayload) {
        guard let value = payload.value else {
            bytes = [Self.other] + payload.bytes
            return
        }
        bytes = [Self.json]
        bytes.reserveCapacity(payload.bytes.count + 16)
        guard !volatile.contains(where: { $0.steps.isEmpty }) else { return }
        write(value, RequestIDs.volatile(value, volatile).map { ($0, 0) })
    }

    /// `paths` are those that lead on from here, each with how many of its steps are done.
    private mutating func write(_ value: Value, _ paths: [(path: Path, done: Int)]) {
        if !mask.isEmpty, mask.contains(place) { return bytes.append(Self.hole) }
        switch value {
        case .null, .bool: value.append(to: &bytes)
        case .number(let literal): bytes += Decimal(literal).map { Array("\($0)".utf8) } ?? Array(literal.utf8)
        case .string(let text):
            if makesHoles, let redacted = RedactedText(Array(text.utf8)) {
                holes.append((place, redacted))
                return bytes.append(Self.hole)
            }
            value.append(to: &bytes)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                write(element, at: .index(index), Self.going(paths, to: index, of: elements.count))
                bytes.append(UInt8(ascii: ","))
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members): write(members, paths)
        }
    }

    private mutating func write(_ members: [Value.Member], _ paths: [(path: Path, done: Int)]) {
        bytes.append(UInt8(ascii: "{"))
        let isSorted = zip(members, members.dropFirst()).allSatisfy { $0.name < $1.name }
        for member in isSorted ? members : members.sorted(by: { $0.name < $1.name }) {
            let next = paths.isEmpty ? [] : Self.going(paths, to: member.name)
            if next.contains(where: { $0.done == $0.path.steps.count }) { continue }
            Value.string(member.name).append(to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            write(member.value, at: .name(member.name), next)
            bytes.append(UInt8(ascii: ","))
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func write(_ value: Value, at step: PlaceStep, _ paths: [(path: Path, done: Int)]) {
        // An element keeps its place, so that those behind it keep theirs.
        if paths.contains(where: { $0.done == $0.path.steps.count }) { return bytes.append(Self.hole) }
        place.append(step)
        write(value, paths)
        place.removeLast()
    }

    private static func going(_ paths: [(path: Path, done: Int)], to name: String) -> [(path: Path, done: Int)] {
        paths.compactMap { path, done in
            let step = path.steps[done]
            return step == .all || step == .name(name) ? (path, done + 1) : nil
        }
    }

    private static func going(
        _ paths: [(path: Path, done: Int)], to index: Int, of count: Int
    ) -> [(path: Path, done: Int)] {
        paths.compactMap { path, done in
            let step = path.steps[done]
            let isHere = step == .all || step == .index(index) || step == .index(index - count)
            return isHere ? (path, done + 1) : nil
        }
    }
}

/// A payload, and the value in it if it is JSON.
struct ParsedPayload {
    let bytes: [UInt8]
    let value: Value?

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        value = bytes.isEmpty ? nil : try? Value.parse(bytes)
    }

    func value(at place: Place) -> Value? {
        var found = value
        for step in place {
            switch step {
            case .name(let name): found = found?[name]
            case .index(let index): found = found?[index]
            }
        }
        return found
    }
}
