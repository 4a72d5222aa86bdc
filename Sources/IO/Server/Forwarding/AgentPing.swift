import Forwarding
import HTTPWire

/// Whether an agent is up: `GET /ping`, which the platform asks for before a session's first call (wire reference 10).
final class AgentPing: AnswerTaker {
    enum Outcome {
        case healthy
        /// It answers that it is not, or in no way that can be read.
        case unhealthy(String)
        case absent(ClientExchange.Failure)
    }

    private var asking: Asking?
    private var status: Int?
    private var bytes = 0
    private var told: ((Outcome) -> Void)?
    private static let most = 65_536

    init(told: @escaping (Outcome) -> Void) { self.told = told }

    func begin(_ destination: Destination, with client: HTTPClient, patience: Int64) {
        var request = AskedRequest(
            url: destination.url, method: Array("GET".utf8), target: destination.target(of: Array("/ping".utf8)),
            fields: FieldBlock())
        request.patience.answer = max(1, patience)
        request.patience.connect = max(1, patience)
        asking = client.ask(request, for: self)
    }

    func connected() {}

    func take(_ part: ClientExchange.Part) -> Bool {
        status = part.head?.status ?? status
        bytes += part.content.count
        guard part.ending != nil || bytes > Self.most else { return true }
        // Somebody who does not know the path is there all the same.
        let status = status ?? 0
        finish(status < 500 ? .healthy : .unhealthy("the answer to /ping is \(status)"))
        return true
    }

    func failed(_ failure: ClientExchange.Failure) {
        let isAbsent = failure.kind == .unreachable || failure.kind == .unsecured
        finish(isAbsent ? .absent(failure) : .unhealthy("/ping: \(failure.reason)"))
    }

    private func finish(_ outcome: Outcome) {
        let told = told
        cancel()
        told?(outcome)
    }

    func cancel() {
        told = nil
        asking?.cancel()
        asking = nil
    }
}
