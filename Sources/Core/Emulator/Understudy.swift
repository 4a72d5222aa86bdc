import Delivery
import HTTPWire
import Journal
import Scenarios
import Time

/// The whole call. One instance belongs to one event loop; nothing in it waits, reads a clock or touches a socket.
package final class Understudy {
    package struct Settings: Sendable {
        package var seed: UInt64
        package var checksAccess = true
        package var echoesSignatures = true

        package init(seed: UInt64) { self.seed = seed }
    }

    /// What the server does with a call.
    package enum Answer {
        /// Write the entry, then do the steps.
        case deliver(Call, [Step])
        /// The verdict needs this document first: fetch it, tell `learn`, and ask again with the same request.
        case fetch(url: String)
    }

    package let settings: Settings
    private var number = 0

    package init(scenario: Scenario, settings: Settings) {
        self.settings = settings
    }

    /// A request arrived at `arrived`; it is `now`. They differ only when the call waited for a document.
    package func receive(_ request: Request, arrived: Instant, now: Instant, inFlight: Int) -> Answer {
        number += 1
        var call = Call(number: number, space: "default", arrived: arrived, request: request, inFlight: inFlight)
        var fields = FieldBlock()
        fields.add("Content-Type", "application/json")
        let body = Array(#"{"response":{"role":"assistant","content":[{"text":"Hello"}]}}"#.utf8)
        call.reply = ReplyRecord(status: 200, fields: fields, body: body)
        return .deliver(
            call, [.head(ResponseHead(status: 200, fields: fields, length: .known(body.count))), .body(body), .end])
    }

    /// What came of fetching `url`: its content, or why there is none.
    package func learn(url: String, content: Result<[UInt8], FetchFailure>, now: Instant) {}
}

package struct FetchFailure: Error, Equatable {
    package var reason: String

    package init(reason: String) { self.reason = reason }
}
