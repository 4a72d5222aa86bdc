import Faults
import Runtime
import Time

/// An isolated copy of the changing state: parallel test workers share a server without seeing each other.
final class Space {
    let name: String
    var sessions = Sessions()
    var clock = VirtualClock()
    var faults: FaultBook {
        didSet { hasFaults = !faults.isEmpty }
    }
    /// Asked by every call, most of which meet none.
    private(set) var hasFaults: Bool

    init(name: String, faults: FaultBook) {
        self.name = name
        self.faults = faults
        hasFaults = !faults.isEmpty
    }
}
