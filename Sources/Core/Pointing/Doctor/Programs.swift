/// The kinds of programs there are, and where each would go.
enum Programs {
    static func routes(_ around: Surroundings) -> [ProgramRoute] {
        let (place, source) = EndpointChoice.place(around)
        let sdks = [("boto3", true, true), ("AWS CLI", true, true), ("AWS SDK for Go", true, false)]
        var routes = sdks.map { name, readsProxies, isDecisive in
            route(name, place, source, around, readsProxies: readsProxies, isDecisive: isDecisive)
        }
        let nodeReads = around["NODE_USE_ENV_PROXY"] == "1"
        routes.append(
            route("AWS SDK for JavaScript", place, source, around, readsProxies: nodeReads, isDecisive: false))
        routes.append(toolkit(around))
        if let host = Place("https://\(EndpointChoice.serviceHost(around))") {
            let byName = "the host's name in the program"
            routes.append(
                route("programs that name the host (httpx, requests, curl)", host, byName, around, isDecisive: false))
            routes.append(
                route("Node's fetch", host, byName, around, readsProxies: nodeReads, isDecisive: false))
        }
        return routes
    }

    /// The starter toolkit and the bedrock-agentcore package have a variable of their own. Whoever set it uses them.
    private static func toolkit(_ around: Surroundings) -> ProgramRoute {
        let name = "starter toolkit, bedrock-agentcore package"
        let variable = "BEDROCK_AGENTCORE_DP_ENDPOINT"
        if let url = around[variable] {
            guard let place = Place(url) else {
                return ProgramRoute(program: name, reach: .nobody, by: variable, url: url, isDecisive: true)
            }
            return route(name, place, variable, around, isDecisive: true)
        }
        let (place, source) = EndpointChoice.ofService(around)
        return route(name, place, source, around, isDecisive: false)
    }

    private static func route(
        _ name: String, _ place: Place?, _ source: String, _ around: Surroundings, readsProxies: Bool = true,
        isDecisive: Bool
    ) -> ProgramRoute {
        guard let place else {
            return ProgramRoute(program: name, reach: .nobody, by: source, url: "no valid URL", isDecisive: isDecisive)
        }
        let route = ClientRoute(to: place, around, readsProxies: readsProxies)
        var by = source
        if case .proxy(let url, let variable) = route.way { by += ", through \(variable) (\(url))" }
        let reach: ProgramRoute.Reach =
            switch route.destination {
            case .emulator: .emulator
            case .service: .service
            case .elsewhere: .elsewhere
            case .nobody: .nobody
            }
        return ProgramRoute(program: name, reach: reach, by: by, url: place.url, isDecisive: isDecisive)
    }
}

/// Which URL an AWS SDK takes for the service: the most particular setting, and the environment before the files.
enum EndpointChoice {
    static let variable = "AWS_ENDPOINT_URL_BEDROCK_AGENTCORE"

    static func ignoresConfigured(_ around: Surroundings) -> Bool {
        let value =
            around["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] ?? around.profile.value("ignore_configured_endpoint_urls")
        return value?.lowercased() == "true"
    }

    static func configured(_ around: Surroundings) -> Profile.Endpoint? {
        if ignoresConfigured(around) { return nil }
        for name in [variable, "AWS_ENDPOINT_URL"] {
            if let url = around[name] { return Profile.Endpoint(url: url, source: name) }
        }
        return around.profile.endpoint(of: .agentcore)
    }

    static func place(_ around: Surroundings) -> (place: Place?, source: String) {
        guard let configured = configured(around) else { return ofService(around) }
        return (Place(configured.url), configured.source)
    }

    static func ofService(_ around: Surroundings) -> (place: Place?, source: String) {
        (Place("https://\(serviceHost(around))"), "no endpoint setting")
    }

    static func region(_ around: Surroundings) -> String? {
        around["AWS_REGION"] ?? around["AWS_DEFAULT_REGION"] ?? around.profile.value("region")
    }

    static func serviceHost(_ around: Surroundings) -> String {
        "bedrock-agentcore.\(region(around) ?? "us-east-1").amazonaws.com"
    }
}
