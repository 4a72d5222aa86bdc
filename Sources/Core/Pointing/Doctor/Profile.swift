// Theory. The AWS SDKs share two files. A profile stands in `config` under `[profile NAME]` (`[default]` for the default
//         one) and in `credentials` under `[NAME]`; `services = NAME` points to a section `[services NAME]`, in which each
//         service has settings of its own, indented below its name.

/// The profile that programs here use.
struct Profile: Sendable {
    enum Service: String { case agentcore = "bedrock_agentcore" }

    /// An endpoint and what it was said by.
    struct Endpoint: Equatable { var url: String, source: String }

    let name: String
    /// Whether a file has it; a default one need not be there.
    let isThere: Bool
    let values: [String: String]
    private let sections: [String: [String: String]]

    init(_ around: Surroundings) {
        let config = Self.sections(around.configFile ?? "")
        let credentials = Self.sections(around.credentialsFile ?? "")
        name = around["AWS_PROFILE"] ?? around["AWS_DEFAULT_PROFILE"] ?? "default"
        let own = config["profile \(name)"] ?? (name == "default" ? config["default"] : nil)
        isThere = own != nil || credentials[name] != nil || name == "default"
        values = (own ?? [:]).merging(credentials[name] ?? [:]) { first, _ in first }
        sections = config
    }

    func value(_ key: String) -> String? { values[key].flatMap { $0.isEmpty ? nil : $0 } }

    /// The section that `services` names is not there.
    var missingServices: String? {
        guard let services = value("services"), sections["services \(services)"] == nil else { return nil }
        return services
    }

    /// What its services section, or else the profile itself, says.
    func endpoint(of service: Service) -> Endpoint? {
        if let services = value("services"), let section = sections["services \(services)"],
            let url = section["\(service.rawValue).endpoint_url"], !url.isEmpty
        {
            return Endpoint(url: url, source: "[services \(services)] in the config file")
        }
        return value("endpoint_url").map { Endpoint(url: $0, source: "endpoint_url of the profile \(name)") }
    }

    /// Sections by name; what is indented below `service =` becomes `service.key`.
    private static func sections(_ text: String) -> [String: [String: String]] {
        var (found, section, parent): ([String: [String: String]], String, String) = ([:], "", "")
        for line in text.split(whereSeparator: \.isNewline) {
            let isIndented = line.first == " " || line.first == "\t"
            let words = trimmed(line)
            if words.isEmpty || words.hasPrefix("#") || words.hasPrefix(";") { continue }
            if words.hasPrefix("["), words.hasSuffix("]") {
                section = trimmed(words.dropFirst().dropLast()).split(separator: " ").joined(separator: " ")
                found[section] = found[section] ?? [:]
                continue
            }
            guard let equals = words.firstIndex(of: "=") else { continue }
            let key = trimmed(words[..<equals]).lowercased()
            let value = trimmed(words[words.index(after: equals)...])
            if !isIndented { parent = key }
            found[section, default: [:]][isIndented ? "\(parent).\(key)" : key] = value
        }
        return found
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var rest = Substring(text)
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest.drop { $0.isWhitespace })
    }
}

/// The lines of a hosts file that name hosts of AWS.
struct HostLines {
    private let lines: [(address: String, names: [String])]

    init(_ text: String) {
        lines = text.split(whereSeparator: \.isNewline).compactMap { line in
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
            guard words.count > 1 else { return nil }
            return (words[0], words.dropFirst().map(ServiceHost.normalized))
        }
    }

    func address(of host: String) -> String? {
        lines.first { $0.names.contains(ServiceHost.normalized(host)) }?.address
    }

    /// Whether a host that is stood in for has a line.
    var isUsed: Bool { lines.contains { $0.names.contains { ServiceHost($0) != nil } } }

    var serviceHosts: [(host: String, address: String)] {
        lines.flatMap { line in line.names.filter { ServiceHost($0) != nil }.map { ($0, line.address) } }
    }
}
