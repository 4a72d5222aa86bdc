import HTTPWire

// Theory. Programs choose where to go in two steps: which URL is meant, and whether a proxy stands between. Python, Go and
//         curl read the same proxy variables; Node's fetch and the SDK for JavaScript read none.

/// Where a request for a URL goes from here.
struct ClientRoute: Equatable {
    enum Way: Equatable {
        case direct
        case proxy(url: String, variable: String)
    }

    enum Destination: Equatable {
        case emulator
        case service
        case elsewhere(String)
        case nobody(String)
    }

    let place: Place
    let way: Way
    let destination: Destination

    init(to place: Place, _ around: Surroundings, readsProxies: Bool = true) {
        self.place = place
        way = readsProxies ? Self.way(to: place, around) : .direct
        destination = Self.destination(of: place, way, around)
    }

    private static func destination(of place: Place, _ way: Way, _ around: Surroundings) -> Destination {
        if case .proxy(let url, _) = way {
            guard let proxy = Place(url.holds("://") ? url : "http://" + url) else { return .nobody(url) }
            if case .understudy = around.answers[proxy.origin] ?? .nobody {
                return ServiceHost(place.host) != nil || Address.isThisMachine(place.host)
                    ? .emulator : .elsewhere(place.host)
            }
            let isDead = Address.isThisMachine(proxy.host) && (around.answers[proxy.origin] ?? .nobody) == .nobody
            if isDead { return .nobody(proxy.origin) }
            return ServiceHost.isOfAWS(place.host) ? .service : .elsewhere(proxy.origin)
        }
        var origin = place.origin
        if !Address.isThisMachine(place.host) {
            guard let address = HostLines(around.hostsFile).address(of: place.host) else {
                return ServiceHost.isOfAWS(place.host) ? .service : .elsewhere(place.host)
            }
            guard Address.isThisMachine(address) else { return .elsewhere(address) }
            origin = "\(place.scheme.prefix)127.0.0.1:\(place.port)"
        }
        switch around.answers[origin] ?? .nobody {
        case .understudy: return .emulator
        case .other: return .elsewhere(origin)
        case .nobody: return .nobody(origin)
        }
    }

    private static func way(to place: Place, _ around: Surroundings) -> Way {
        let names = place.scheme == .https ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy", "HTTP_PROXY"]
        guard let variable = names.first(where: { around[$0] != nil }), let url = around[variable] else {
            return .direct
        }
        return bypasses(place, around) ? .direct : .proxy(url: url, variable: variable)
    }

    /// NO_PROXY: names, of which each stands for what is below it, too; `*` for all.
    static func bypasses(_ place: Place, _ around: Surroundings) -> Bool {
        guard let list = around["no_proxy"] ?? around["NO_PROXY"] else { return false }
        let host = ServiceHost.normalized(place.host)
        return list.split(whereSeparator: { $0 == "," || $0.isWhitespace }).contains { entry in
            var name = ServiceHost.normalized(String(entry))
            if name == "*" { return true }
            if name.hasSuffix(":\(place.port)") { name = String(name.dropLast(String(place.port).count + 1)) }
            while name.hasPrefix(".") || name.hasPrefix("*") { name.removeFirst() }
            return !name.isEmpty && (host == name || host.hasSuffix("." + name))
        }
    }
}
