import HTTPWire

/// Whether programs that speak TLS with the emulator trust its authority.
enum TrustChecks {
    static let variables = [
        "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "CURL_CA_BUNDLE",
    ]

    static func check(_ around: Surroundings) -> [Advice] { files(around) + missing(around) }

    /// TLS is spoken with the emulator: by an endpoint, as a proxy, or by name.
    private static func speaksTLS(_ around: Surroundings) -> Bool {
        let places = [EndpointChoice.place(around).place, EndpointChoice.ofService(around).place].compactMap { $0 }
        return places.contains { $0.scheme == .https && ClientRoute(to: $0, around).destination == .emulator }
    }

    private static func holdsAuthority(_ path: String, _ around: Surroundings) -> Bool {
        guard let authority = around.authority, let text = around.files[path] else { return false }
        return text.holds(authority)
    }

    private static func files(_ around: Surroundings) -> [Advice] {
        var named = variables.compactMap { name in around[name].map { (name, $0) } }
        if let bundle = around.profile.value("ca_bundle") {
            named.append(("ca_bundle of the profile \(around.profile.name)", bundle))
        }
        return named.compactMap { name, path in
            guard around.files[path] != nil else {
                return Advice(.error, "\(name) is \(path), which cannot be read: TLS fails.", do: trust(name, around))
            }
            guard speaksTLS(around), around.authority != nil, !holdsAuthority(path, around) else { return nil }
            return Advice(
                .error,
                "\(name) is \(path), in which the local authority is missing: the emulator's certificates are refused.",
                do: trust(name, around))
        }
    }

    private static func trust(_ name: String, _ around: Surroundings) -> String {
        guard let path = around.authorityPath else { return "understudy ca tells what to set" }
        return variables.contains(name) ? "export \(name)=\(path)" : "ca_bundle = \(path)"
    }

    private static func missing(_ around: Surroundings) -> [Advice] {
        guard speaksTLS(around) else { return [] }
        let path = around.authorityPath ?? "\"$(understudy ca | head -1)\""
        var advice: [Advice] = []
        if around["AWS_CA_BUNDLE"] == nil, around["REQUESTS_CA_BUNDLE"] == nil,
            around.profile.value("ca_bundle") == nil
        {
            advice.append(
                Advice(
                    .error, "boto3 and the AWS CLI do not trust the local authority: AWS_CA_BUNDLE is not set.",
                    do: "export AWS_CA_BUNDLE=\(path)"))
        }
        for (name, programs) in [
            ("SSL_CERT_FILE", "httpx, websockets and Go"), ("REQUESTS_CA_BUNDLE", "requests"),
            ("NODE_EXTRA_CA_CERTS", "Node"),
        ] where around[name] == nil {
            advice.append(
                Advice(
                    .note, "For \(programs) to trust the local authority, \(name) is to be set.",
                    do: "export \(name)=\(path)"))
        }
        return advice
    }
}
