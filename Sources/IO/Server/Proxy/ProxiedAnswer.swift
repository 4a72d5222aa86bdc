import Delivery
import EventLoop
import Forwarding
import HTTPWire
import Pointing

// Rules.  One request, one connection to the server that it names, one answer. Of the client's bytes the other server
//         gets that request's and no others, and the client gets that answer and nothing behind it, whatever the other
//         server does with its connection.
// Theory. Both sides are read as HTTP, so each has a framing of its own, and its connection ends or stays by itself.
//         RFC 9112 6.1: "A server MUST NOT send a response containing Transfer-Encoding unless the corresponding
//         request indicates HTTP/1.1 (or later minor revisions)"; the writer of answers holds that. The client pulls:
//         what came and was not taken is one piece at most, and then the other server's socket is not read.
// Table.  | what goes wrong                   | the client sees                |
//         |-----------------------------------|--------------------------------|
//         | an address it may not be taken to | 403                            |
//         | no connection, no HTTP, no answer | 502, and 504 for one too late  |
//         | an answer that is cut short       | the same, on its own framing   |

/// The answer of another server to a request that a client sent this one as its proxy.
final class ProxiedAnswer: StepSource, AnswerTaker {
    private let connection: Connection
    private let request: Request
    private let place: HTTPURI
    private let arrived: Int64
    private let arrivals = ArrivedSteps()
    private var asking: Asking?
    private var hasHead = false
    /// Why the client is not taken there.
    private var refusal: MessageRefusal?

    init(to request: Request, _ place: HTTPURI, for connection: Connection, arrived: Int64) {
        (self.request, self.place, self.connection, self.arrived) = (request, place, connection, arrived)
    }

    private var service: ServingLoop { connection.service }

    func begin() {
        let proxied = ProxiedRequest(request)
        var asked = AskedRequest(
            url: place, method: proxied.method, target: proxied.target, fields: proxied.fields, length: proxied.length,
            body: request.body, aside: request.aside, isHead: request.isMethod("HEAD"))
        // A client is taken to an address because of where it comes from itself, so no other's connection serves it.
        asked.isAlone = true
        let asking = service.client.ask(asked, for: self)
        if asking.isWanted { self.asking = asking }
    }

    // MARK: What the other server says

    func objection(to address: String) -> String? {
        // Whose address would be asked for has gone, and the descriptor may be another client's by now.
        guard !connection.exchange.isOver else { return "the client has gone" }
        let decision = service.proxyPolicy.mayPass(
            to: address, port: place.port, for: connection.peerAddress, at: connection.localAddress)
        guard case .refuse(let status, let message)? = decision else { return nil }
        refusal = MessageRefusal(status: status, message: message)
        return message
    }

    /// From here on the client is waited for, too: whoever goes away needs no answer.
    func connected() {
        guard !connection.exchange.isOver else { return release() }
        let delivery = DeliveryRunner(
            ScriptedSource([]), number: 0, epoch: 0, arrived: arrived, connection.proxying(request))
        delivery.source = self
        connection.start(delivery)
    }

    func take(_ part: ClientExchange.Part) -> Bool {
        var steps: [Step] = []
        if let head = part.head {
            hasHead = true
            let fields = PassedFields.throughProxy(head)
            steps.append(.head(ResponseHead(status: head.status, fields: fields, length: head.contentLength)))
        }
        if !part.content.isEmpty { steps.append(.body(part.content)) }
        if part.ending != nil {
            asking = nil
            steps.append(.end)
        }
        return arrive(steps)
    }

    func failed(_ failure: ClientExchange.Failure) {
        asking = nil
        if hasHead {
            _ = arrive([failure.kind == .reset ? .reset : .close])
        } else if !connection.exchange.isOver {
            connection.passingFailed(refusal ?? unanswered(failure), request, arrived: arrived)
        }
    }

    private func unanswered(_ failure: ClientExchange.Failure) -> MessageRefusal {
        let server = "\(place.host):\(place.port)"
        return switch failure.kind {
        case .unreachable, .unsecured:
            MessageRefusal(status: 502, message: "\(server) cannot be reached: \(failure.reason).")
        case .timedOut: MessageRefusal(status: 504, message: "\(server) does not answer: \(failure.reason).")
        case .reset, .cut, .unreadable, .unhealthy:
            MessageRefusal(status: 502, message: "\(server) gives no answer that can be passed on: \(failure.reason)")
        }
    }

    /// Whether the client has taken it all.
    private func arrive(_ steps: [Step]) -> Bool {
        arrivals.append(steps)
        connection.proceedNow()
        return arrivals.isEmpty
    }

    // MARK: What leaves

    func next(now: Int64) -> NextSteps {
        let next = arrivals.next(now: now)
        asking?.goOn()
        return next
    }

    /// The answer is over, whoever ended it.
    func release() {
        asking?.cancel()
        asking = nil
    }
}
