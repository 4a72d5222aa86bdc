import HTTPWire

/// What else stands in the way: names, ports, clocks, and packages that look at the host's name.
enum PlaceChecks {
    static func check(_ around: Surroundings) -> [Advice] { hosts(around) + clock(around) + toolkit(around) }

    private static func hosts(_ around: Surroundings) -> [Advice] {
        HostLines(around.hostsFile).serviceHosts.compactMap { host, address in
            guard Address.isThisMachine(address) else {
                return Advice(
                    .warning, "The hosts file sends \(host) to \(address), which is not this machine.",
                    do: "127.0.0.1 \(host)")
            }
            if case .understudy = around.answers["https://127.0.0.1:443"] ?? .nobody { return nil }
            return Advice(
                .error, "The hosts file sends \(host) to this machine, and no Understudy answers on port 443.",
                do: "understudy serve --tls-port 443")
        }
    }

    /// A signature is good for five minutes.
    private static func clock(_ around: Surroundings) -> [Advice] {
        guard let server = around.server, case .understudy(let date?) = around.answers[server] ?? .nobody,
            case let difference = around.now - date, abs(difference) > 240
        else { return [] }
        return [
            Advice(
                .error,
                "The clock here is \(abs(difference)) seconds \(difference > 0 ? "ahead of" : "behind") the emulator's: "
                    + "signatures are refused after five minutes.", do: "set the clock of this machine or container")
        ]
    }

    private static func toolkit(_ around: Surroundings) -> [Advice] {
        let name = "BEDROCK_AGENTCORE_DP_ENDPOINT"
        guard let url = around[name] else { return [] }
        let advice = EndpointChecks.judge(url, name, around)
        guard advice.isEmpty, let place = Place(url), !ServiceHost.isOfAWS(place.host) else { return advice }
        return [
            Advice(
                .note,
                "\(name) is enough for the starter toolkit; the bedrock-agentcore package refuses hosts that are not AWS's.",
                do: "export HTTPS_PROXY=\(around.serverOrUsual), and leave \(name) out")
        ]
    }
}
