import Delivery
import Faults
import Runtime
import Time

/// An isolated copy of the changing state: parallel test workers share a server without seeing each other.
final class Space {
    let name: String
    var sessions = Sessions()
    var clock = VirtualClock()
    /// How many times faster than written what is waited for passes: pacing, latency, cold starts.
    var speed: Double
    /// Of the agents whose entries state limits, by ARN.
    var usage: [String: Usage] = [:]
    var faults: FaultBook

    init(name: String, faults: FaultBook, speed: Double) {
        self.name = name
        self.speed = speed
        self.faults = faults
    }

    var hasFaults: Bool { !faults.isEmpty }

    func forgetSessions() {
        sessions.removeAll()
        usage = [:]
    }

    /// As long as it takes in this space.
    func duration(of written: Duration) -> Duration {
        speed == 1 ? written : .nanoseconds(written.nanoseconds.divided(by: speed))
    }
}
