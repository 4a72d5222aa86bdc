import Access
import Emulator
import HTTPWire
import JSON
import Library
import Time

/// Whoever decides what is answered. The server does as it is told and asks nobody else.
package protocol Answering: AnyObject {
    func receive(
        _ request: consuming Request, arrived: Instant, now: Instant, inFlight: Int, documents: Int
    ) -> Understudy.Answer
    func receiveRefused(
        status: Int, message: String, head: Request, arrived: Instant, inFlight: Int
    ) -> Understudy.Answer
    func learn(url: String, content: Result<[UInt8], FetchFailure>, now: Instant)

    /// What the control API shows and changes.
    var scenario: Scenario { get }
    func replace(_ scenario: Scenario, now: Instant) throws(ScenarioRefusal)
    /// Back to the first call, with the scenario as it is.
    func reset(now: Instant)
    func steer(_ steering: Steering, space: String?, now: Instant) throws(SteeringRefusal) -> [UInt8]
    func token(for request: Value, base: String, space: String?, now: Instant) throws(TokenMistake) -> String
}

extension Understudy: Answering {}
