import CShims
import Delivery
import EventLoop
import Forwarding
import HTTPWire
import Pointing

// What a connection does with requests to a proxy. A tunnel to a host that the server stands in for ends here: what comes
// next on the connection is a client's TLS, or plain HTTP, as if it had found the host by its name. Only a tunnel takes
// the connection: any other request is passed on for itself, and the one after it goes where its own target says.

extension Connection {
    /// Whether a request is for the server to answer. Otherwise it has been taken care of.
    func admits(_ request: inout Request, arrived: Int64, hasMore: Bool) -> Bool {
        if let passage {
            if passage.isWrongDoor {
                refuse(Self.wrongDoor, request, Self.nothing, arrived: arrived)
                return false
            }
            request.proxyUser = passage.user
        }
        guard let target = request.targetAuthority else { return true }
        if request.asksForTunnel, let message = passage != nil ? Self.nested : hasMore ? Self.early : nil {
            refuse(MessageRefusal(status: 400, message: message), request, Self.nothing, arrived: arrived)
            return false
        }
        let authority = String(decoding: target, as: UTF8.self)
        let user = ProxyUser.name(in: request) ?? []
        switch decide(authority, request) {
        case .answer where request.asksForTunnel: openTunnel(to: authority, user)
        case .answer:
            if !user.isEmpty { request.proxyUser = user }
            return true
        case .pass(let place) where request.asksForTunnel:
            openTunnel(to: place.host, place.port, for: request, arrived)
        case .pass(let place): pass(request, to: place, arrived)
        case .refuse(let status, let message):
            refuse(MessageRefusal(status: status, message: message), request, Self.nothing, arrived: arrived)
        }
        return false
    }

    private func decide(_ authority: String, _ request: Request) -> ProxyPolicy.Decision {
        service.proxyPolicy.decide(
            authority: authority, scheme: Scheme(of: request.targetText) ?? .http, isTunnel: request.asksForTunnel,
            isSecured: transport.session != nil)
    }

    private static var nothing: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: nil, count: 0) }

    private static let wrongDoor = MessageRefusal(
        status: 400,
        message:
            "This port speaks TLS, and a plain HTTP request came: write https:// in its URL, or call the plain port.")

    private static let nested = "There is a tunnel already on this connection."
    /// RFC 9110 9.3.6: a client waits for the answer before it sends what the tunnel is for.
    private static let early = "Bytes for a tunnel came before it was open."

    private func openTunnel(to authority: String, _ user: [UInt8]) {
        let host = HTTPURI("http://" + authority)?.host ?? authority
        passage = Passage(.tunnel, host: host, user: user)
        sendTunnelHead()
    }

    /// The connection is no longer HTTP's.
    func leaveHTTP() {
        exchange = ServerExchange()
        held = []
        let now = loop.now
        obey(exchange.openedToBeSecured(at: now, rules), at: now)
    }

    func sendTunnelHead() {
        leaveHTTP()
        let head = "HTTP/1.1 200 Connection Established\r\nServer: understudy/\(service.settings.version)\r\n\r\n"
        guard case .all = send(Array(head.utf8)) else { return giveUp() }
        // What has come meanwhile is told by no further event.
        loop.takeTurnLater(id)
    }

    /// A tunnel to another server.
    private func openTunnel(to host: String, _ port: UInt16, for request: Request, _ arrived: Int64) {
        guard passage == nil else {
            return refuse(MessageRefusal(status: 400, message: Self.nested), request, Self.nothing, arrived: arrived)
        }
        let passage = Passage(.tunnel, host: host)
        passage.stage = .open
        self.passage = passage
        obey(exchange.answerDeferred(), at: arrived)
        let relay = Relay(self, request, to: host, port, arrived: arrived)
        passage.relay = relay
        relay.begin()
    }

    /// One request to another server.
    private func pass(_ request: Request, to place: HTTPURI, _ arrived: Int64) {
        guard passage == nil else {
            return refuse(MessageRefusal(status: 400, message: Self.nested), request, Self.nothing, arrived: arrived)
        }
        if ProxiedRequest.forwardsLeft(of: request) == 0 { return answerLast(request, arrived) }
        obey(exchange.answerDeferred(), at: arrived)
        ProxiedAnswer(to: request, place, for: self, arrived: arrived).begin()
    }

    /// A request that is not to be passed on any further: this server is who it is for. RFC 9110 9.3.8: an answer to
    /// TRACE repeats the request, which is not done here, as it would repeat secrets.
    private func answerLast(_ request: Request, _ arrived: Int64) {
        guard request.isMethod("OPTIONS") else {
            return refuse(Self.noTrace, request, Self.nothing, arrived: arrived)
        }
        let head = ResponseHead(status: 200, fields: FieldBlock(), length: .known(0))
        start(
            DeliveryRunner(
                ScriptedSource(.whole(head, [])), number: 0, epoch: 0, arrived: arrived,
                proxying(request)))
    }

    private static let noTrace = MessageRefusal(status: 501, message: "This proxy does not answer TRACE.")

    /// RFC 9112 9.3: "A proxy server MUST NOT maintain a persistent connection with an HTTP/1.0 client".
    func proxying(_ request: Request) -> ResponseWriter.Circumstances {
        ResponseWriter.Circumstances(
            answering: request, serverKeepsAlive: request.minorVersion >= 1 && !service.isStopping)
    }

    /// The other server cannot be had, or not be understood; nothing has left of an answer.
    func passingFailed(_ refusal: MessageRefusal, _ request: Request, arrived: Int64) {
        (passage, delivery) = (nil, nil)
        refuse(refusal, request, Self.nothing, arrived: arrived)
    }
}
