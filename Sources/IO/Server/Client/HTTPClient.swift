import EventLoop
import Forwarding
import HTTPWire
import TLS

// Rules.  HTTP/1.1 to other servers, on the loop: nothing here waits. A connection that has carried an answer to its end is
//         kept and carries the next request to the same origin. One that the other side closed meanwhile is no failure:
//         the request is sent once more, on a fresh one, when nothing of an answer had come.

/// Asks other servers.
final class HTTPClient {
    struct Origin: Hashable {
        var scheme: Scheme
        var host: String
        var port: UInt16
    }

    let loop: Loop
    let resolver: NameResolver
    private let proxies: ProxyRules
    /// A proxy that is this very server would pass everything on to itself.
    var ownPort: UInt16 = 0 { didSet { latest = nil } }
    private var idle: [Origin: [ClientConnection]] = [:]
    /// Of the URL that was asked last, which nearly always is the one that is asked next.
    private var latest: (url: HTTPURI, route: Route)?
    static let mostIdle = 256
    /// How long a connection is kept that nobody uses: shorter than most servers do.
    static let idleTime: Int64 = 30_000_000_000

    private let authorities: String?
    /// Made when it is first needed, or why it cannot be.
    private lazy var security: Result<ClientSecurity, ClientSecurity.Refusal> = Self.security(authorities)

    /// `authorities` is a PEM file of those that are trusted besides the system's.
    init(
        loop: Loop, files: NameResolver.Files = .system, proxies: ProxyRules = .none, authorities: String? = nil
    ) {
        self.loop = loop
        self.authorities = authorities
        self.proxies = proxies
        resolver = NameResolver(loop: loop, files: files)
    }

    /// `taker` may be told of a failure before this returns.
    func ask(_ request: AskedRequest, for taker: any AnswerTaker) -> Asking {
        let asking = Asking(request, for: taker)
        let route = route(to: request)
        guard let head = request.head(through: route.proxy) else {
            asking.fail(.init(.unreadable, "the request cannot be sent as it is"))
            return asking
        }
        asking.head = head
        if !request.isAlone, let connection = idle[route.origin]?.popLast() {
            connection.carry(asking)
        } else {
            open(asking)
        }
        return asking
    }

    private struct Route {
        var origin: Origin
        var proxy: HTTPURI?
    }

    private func route(to request: AskedRequest) -> Route {
        let url = request.url
        if request.isAlone { return Route(origin: Self.origin(of: url, through: nil), proxy: nil) }
        if let latest, latest.url == url { return latest.route }
        let proxy = proxy(for: url)
        let route = Route(origin: Self.origin(of: url, through: proxy), proxy: proxy)
        latest = (url, route)
        return route
    }

    private func proxy(for url: HTTPURI) -> HTTPURI? {
        guard let proxy = proxies.proxy(for: url) else { return nil }
        return proxy.port == ownPort && ProxyRules.isThisMachine(proxy) ? nil : proxy
    }

    private static func security(_ authorities: String?) -> Result<ClientSecurity, ClientSecurity.Refusal> {
        do throws(ClientSecurity.Refusal) {
            return .success(try ClientSecurity(authorities: authorities))
        } catch {
            return .failure(error)
        }
    }

    /// A proxy carries http for everybody over one connection, and takes a tunnel for each that is secured.
    private static func origin(of url: HTTPURI, through proxy: HTTPURI?) -> Origin {
        let place = url.scheme == .https ? url : proxy ?? url
        return Origin(scheme: place.scheme, host: place.host.lowercased(), port: place.port)
    }

    /// On a connection of its own.
    func open(_ asking: Asking) {
        let url = asking.request.url
        let place = route(to: asking.request).proxy ?? url
        guard place == url || place.scheme == .http else {
            return asking.fail(.init(.unreachable, "a proxy is reached by http:// only"))
        }
        resolver.resolve(place.host) { [unowned self] result in
            switch result {
            case .failure(let nothing): asking.fail(.init(.unreachable, nothing.reason))
            case .success(let addresses):
                asking.addresses = addresses
                connect(asking, after: .init(.unreachable, "the host has no address"))
            }
        }
    }

    /// Tries the next address; when there is none, the failure of the last one counts.
    func connect(_ asking: Asking, after failure: ClientExchange.Failure) {
        guard asking.isWanted else { return }
        guard !asking.addresses.isEmpty else { return asking.fail(failure) }
        let address = asking.addresses.removeFirst()
        if let objection = asking.taker?.objection(to: address) { return asking.fail(.init(.unreachable, objection)) }
        do throws(SystemError) {
            let route = route(to: asking.request)
            let isSecured = asking.request.url.scheme == .https
            if isSecured, case .failure(let refusal) = security {
                return asking.fail(.init(.unreachable, refusal.text))
            }
            asking.connection = try ClientConnection(
                self, route.origin, to: address, for: asking, through: route.proxy,
                security: isSecured ? try? security.get() : nil)
        } catch {
            connect(asking, after: .init(.unreachable, error.reason))
        }
    }

    // MARK: Idle connections

    func keep(_ connection: ClientConnection) {
        guard keep(connection, &idle[connection.origin, default: []]) else { return connection.close() }
        loop.setDeadline(loop.now &+ Self.idleTime, for: connection.id)
    }

    private func keep(_ connection: ClientConnection, _ others: inout [ClientConnection]) -> Bool {
        guard others.count < Self.mostIdle else { return false }
        others.append(connection)
        return true
    }

    func forget(_ connection: ClientConnection) {
        idle[connection.origin]?.removeAll { $0 === connection }
    }
}
