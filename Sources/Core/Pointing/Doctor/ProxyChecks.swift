import HTTPWire

/// Whether proxies lead to the emulator, or away from it.
enum ProxyChecks {
    static func check(_ around: Surroundings) -> [Advice] {
        pairs(around) + doors(around) + bypassed(around) + local(around) + node(around)
    }

    /// The emulator as a proxy for the hosts of AWS: the variable that says so.
    static func isUsed(_ around: Surroundings) -> Bool {
        guard let place = EndpointChoice.ofService(around).place else { return false }
        let route = ClientRoute(to: place, around)
        return route.way != .direct && route.destination == .emulator
    }

    private static func pairs(_ around: Surroundings) -> [Advice] {
        ["http_proxy", "https_proxy", "no_proxy"].compactMap { lower in
            let upper = lower.uppercased()
            guard let one = around[lower], let other = around[upper], one != other else { return nil }
            return Advice(
                .warning, "\(lower) and \(upper) differ: programs choose either.", do: "export \(upper)=\"$\(lower)\"")
        }
    }

    /// A proxy that is this server, by the wrong scheme.
    private static func doors(_ around: Surroundings) -> [Advice] {
        ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"].compactMap { (name) -> Advice? in
            guard let url = around[name] else { return nil }
            guard let place = Place(url.holds("://") ? url : "http://" + url) else {
                return Advice(.error, "\(name) is “\(url)”, which is no URL of a proxy.", do: "unset \(name)")
            }
            guard Address.isThisMachine(place.host) else { return nil }
            if place.scheme == .https, case .understudy = around.answers[place.origin(.http)] ?? .nobody {
                return Advice(
                    .error, "\(name) begins with https://, but the proxy's own port speaks plain HTTP.",
                    do: "export \(name)=\(place.origin(.http))")
            }
            guard (around.answers[place.origin] ?? .nobody) == .nobody else { return nil }
            return Advice(
                .error, "\(name) is \(url), where nobody answers.", do: "understudy serve --port \(place.port)")
        }
    }

    /// NO_PROXY takes the hosts of AWS out of the emulator's hands.
    private static func bypassed(_ around: Surroundings) -> [Advice] {
        guard EndpointChoice.configured(around) == nil, let place = EndpointChoice.ofService(around).place,
            let url = around["https_proxy"] ?? around["HTTPS_PROXY"],
            let proxy = Place(url.holds("://") ? url : "http://" + url),
            case .understudy = around.answers[proxy.origin] ?? .nobody, ClientRoute.bypasses(place, around)
        else { return [] }
        return [
            Advice(
                .error, "NO_PROXY covers \(place.host): in spite of HTTPS_PROXY, programs reach the real service.",
                do: "export NO_PROXY=localhost,127.0.0.1,::1")
        ]
    }

    /// Another proxy stands before an emulator on this machine.
    private static func local(_ around: Surroundings) -> [Advice] {
        guard let place = EndpointChoice.place(around).place, Address.isThisMachine(place.host),
            case let route = ClientRoute(to: place, around), case .proxy(let url, let variable) = route.way,
            route.destination != .emulator
        else { return [] }
        return [
            Advice(
                .error, "\(variable) sends calls for \(place.origin) through \(url), which cannot reach this machine.",
                do: "export NO_PROXY=localhost,127.0.0.1,::1")
        ]
    }

    private static func node(_ around: Surroundings) -> [Advice] {
        guard isUsed(around), EndpointChoice.configured(around) == nil, around["NODE_USE_ENV_PROXY"] != "1" else {
            return []
        }
        return [
            Advice(
                .note, "Node and the SDK for JavaScript do not look at HTTPS_PROXY: they would reach the real service.",
                do: "export \(EndpointChoice.variable)=\(around.serverOrUsual)   (Node 24: NODE_USE_ENV_PROXY=1)")
        ]
    }
}
