import HTTPWire

/// Whether the settings that name an endpoint name the emulator.
enum EndpointChecks {
    static func check(_ around: Surroundings) -> [Advice] {
        ignored(around) + unused(around) + chosen(around) + misspelt(around) + profile(around)
    }

    private static func export(_ around: Surroundings) -> String {
        "export \(EndpointChoice.variable)=\(around.serverOrUsual)"
    }

    private static func ignored(_ around: Surroundings) -> [Advice] {
        guard EndpointChoice.ignoresConfigured(around) else { return [] }
        let isVariable = around["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] != nil
        let name = isVariable ? "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS" : "ignore_configured_endpoint_urls of the profile"
        return [
            Advice(
                .error, "\(name) is true: SDKs look at no endpoint setting and reach the real service.",
                do: isVariable ? "unset AWS_IGNORE_CONFIGURED_ENDPOINT_URLS" : "take the line out of the profile")
        ]
    }

    /// Nothing sends SDKs here, neither a setting nor a proxy nor a name.
    private static func unused(_ around: Surroundings) -> [Advice] {
        guard !EndpointChoice.ignoresConfigured(around), EndpointChoice.configured(around) == nil,
            let place = EndpointChoice.ofService(around).place,
            ClientRoute(to: place, around).destination == .service
        else { return [] }
        return [Advice(.error, "No endpoint is set: boto3 and the AWS CLI reach the real service.", do: export(around))]
    }

    private static func chosen(_ around: Surroundings) -> [Advice] {
        guard let configured = EndpointChoice.configured(around) else { return [] }
        return judge(configured.url, configured.source, around)
            + (configured.source == EndpointChoice.variable ? overridden(by: configured, around) : [])
    }

    static func judge(_ url: String, _ source: String, _ around: Surroundings) -> [Advice] {
        guard let place = Place(url) else {
            let isBare = !url.holds("://")
            return [
                Advice(
                    .error, "\(source) is “\(url)”, which is no URL\(isBare ? ": it lacks http://" : ".")",
                    do: export(around))
            ]
        }
        if ServiceHost.isOfAWS(place.host), ClientRoute(to: place, around).destination == .service {
            return [Advice(.error, "\(source) names the real service, \(place.host).", do: export(around))]
        }
        guard Address.isThisMachine(place.host) else { return [] }
        return path(place, source) + door(place, source, around)
    }

    private static func path(_ place: Place, _ source: String) -> [Advice] {
        let path = place.target.prefix { $0 != "?" }
        if path == "/" || path.hasPrefix("/_space/") { return [] }
        return [
            Advice(
                .error, "\(source) has the path \(path), behind which SDKs put their own: it has to end with the port.",
                do: "\(source)=\(place.origin)")
        ]
    }

    private static func door(_ place: Place, _ source: String, _ around: Surroundings) -> [Advice] {
        let other: Scheme = place.scheme == .http ? .https : .http
        let here = around.answers[place.origin] ?? .nobody
        if case .understudy = here { return [] }
        if case .understudy = around.answers[place.origin(other)] ?? .nobody {
            let spoken = other == .http ? "plain HTTP" : "TLS"
            return [
                Advice(
                    .error, "\(source) is \(place.url), but port \(place.port) speaks \(spoken).",
                    do: "\(source)=\(place.origin(other))")
            ]
        }
        if here == .other {
            return [
                Advice(
                    .error, "\(source) is \(place.url), where something answers that is not Understudy.",
                    do: "understudy serve --port 0 picks a free port")
            ]
        }
        return [
            Advice(
                .error, "\(source) is \(place.url), where nobody answers.", do: "understudy serve --port \(place.port)")
        ]
    }

    private static func overridden(by configured: Profile.Endpoint, _ around: Surroundings) -> [Advice] {
        guard let general = around["AWS_ENDPOINT_URL"], general != configured.url,
            let place = Place(configured.url), ServiceHost.isOfAWS(place.host)
        else { return [] }
        return [
            Advice(
                .warning, "\(EndpointChoice.variable) goes before AWS_ENDPOINT_URL, which names \(general).",
                do: "unset \(EndpointChoice.variable)")
        ]
    }

    /// Names that look like the right one, by what they are for.
    private static let neighbours = [
        (
            "AWS_ENDPOINT_URL_BEDROCK_AGENT_CORE",
            "is read by no AWS SDK: the name has no underscore between AGENT and CORE"
        ),
        ("AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME", "is for Bedrock Agents, another service"),
        ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "is for the models of Bedrock, another service"),
        ("AWS_ENDPOINT_URL_BEDROCK_AGENTCORE_RUNTIME", "is the name of no service"),
        ("AWS_BEDROCK_AGENTCORE_ENDPOINT_URL", "is read by no AWS SDK"),
        ("AWS_ENDPOINT", "is read by no AWS SDK"),
    ]

    private static func misspelt(_ around: Surroundings) -> [Advice] {
        guard around[EndpointChoice.variable] == nil, around["AWS_ENDPOINT_URL"] == nil else { return [] }
        return neighbours.compactMap { name, why in
            guard around[name] != nil else { return nil }
            return Advice(.warning, "\(name) \(why).", do: export(around))
        }
    }

    private static func profile(_ around: Surroundings) -> [Advice] {
        let profile = around.profile
        var advice: [Advice] = []
        if !profile.isThere {
            advice.append(
                Advice(
                    .error, "AWS_PROFILE is \(profile.name), and no shared file has a profile of that name.",
                    do: "unset AWS_PROFILE"))
        }
        if let services = profile.missingServices {
            advice.append(
                Advice(
                    .error,
                    "The profile \(profile.name) names services = \(services), and there is no [services \(services)].",
                    do: "[services \(services)]\n    bedrock_agentcore =\n      endpoint_url = \(around.serverOrUsual)")
            )
        }
        if around["AWS_USE_FIPS_ENDPOINT"]?.lowercased() == "true", EndpointChoice.configured(around) != nil {
            advice.append(
                Advice(
                    .error, "AWS_USE_FIPS_ENDPOINT is true: SDKs refuse it together with an endpoint of your own.",
                    do: "unset AWS_USE_FIPS_ENDPOINT"))
        }
        return advice
    }
}
