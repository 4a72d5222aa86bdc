import Access
import Emulator
import HTTPWire
import Time

/// Whoever decides what is answered. The server does as it is told and asks nobody else.
package protocol Answering: AnyObject {
    func receive(_ request: consuming Request, arrived: Instant, now: Instant, inFlight: Int) -> Understudy.Answer
    func receiveRefused(
        status: Int, message: String, head: Request, arrived: Instant, inFlight: Int
    ) -> Understudy.Answer
    func learn(url: String, content: Result<[UInt8], FetchFailure>, now: Instant)
}

extension Understudy: Answering {}
