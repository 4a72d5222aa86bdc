import Bytes
import Faults
import HTTPWire
import Runtime
import Fields
import Time

/// The spaces of a server, made when they are first named.
struct Spaces {
    /// Callers choose the names, so what is kept is bounded.
    static let most = 100_000

    let usual: Space
    private var others: [String: Space] = [:]
    /// Armed with the library's faults; every space begins with a copy.
    private var faults: FaultBook

    /// What every space begins with.
    private let speed: Double

    init(faults: FaultBook, speed: Double) {
        self.faults = faults
        self.speed = speed
        usual = Space(name: SpaceName.usual, faults: faults, speed: speed)
    }

    /// Sorted by name.
    var all: [Space] { [usual] + others.values.sorted { $0.name < $1.name } }

    /// Nil for a name that no space may have, or when there are too many.
    mutating func space(named name: String, now: Instant) -> Space? {
        if name == SpaceName.usual { return usual }
        if let space = others[name] { return space }
        guard SpaceName.isValid(name.utf8), others.count < Self.most else { return nil }
        let space = Space(name: name, faults: faults.fresh(space: name, now: now), speed: speed)
        others[name] = space
        return space
    }

    func known(_ name: String) -> Space? { name == SpaceName.usual ? usual : others[name] }

    /// False when there is no such space. The usual one is only emptied.
    mutating func remove(_ name: String, now: Instant) -> Bool {
        guard name == SpaceName.usual else { return others.removeValue(forKey: name) != nil }
        empty(usual, now: now)
        return true
    }

    /// Only the usual space is left, as it was at the start.
    mutating func reset(now: Instant) {
        others = [:]
        empty(usual, now: now)
    }

    /// Another library: its faults are armed in every space.
    mutating func arm(_ faults: FaultBook, now: Instant) {
        self.faults = faults
        for space in all {
            space.faults = faults.fresh(space: space.name, now: now)
            space.forgetSessions()
        }
    }

    private func empty(_ space: Space, now: Instant) {
        space.forgetSessions()
        space.clock = VirtualClock()
        space.speed = speed
        space.faults.reset(now: now)
    }
}

/// Which space a request names, and the path that is left when the name is taken off. Signatures are verified over
/// what the client really signed, so the request itself stays as it is.
struct SpaceAddress {
    enum Mistake: Error {
        case invalid(String)
    }

    /// Nil for the usual space.
    let name: String?
    let path: Range<Int>

    init(_ request: borrowing Request) throws(Mistake) {
        if let (name, rest) = SpaceName.inPath(request.head[request.path]) {
            self.name = try Self.checked(name)
            path = rest
            return
        }
        path = request.path
        let header = request.value(of: "x-understudy-space")
        name = try (header ?? request.value(of: "host").flatMap(SpaceName.inHost)).map(Self.checked)
    }

    private static func checked(_ name: ArraySlice<UInt8>) throws(Mistake) -> String {
        let text = String(lossy: name)
        guard SpaceName.isValid(name) else { throw .invalid(text) }
        return text
    }
}
