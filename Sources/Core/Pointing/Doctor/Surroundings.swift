import HTTPWire

/// What a program finds around it when it looks for the service: read by somebody else, and judged here.
package struct Surroundings: Sendable {
    /// What answers at an address.
    package enum Answerer: Equatable, Sendable {
        /// This server; its `Date`, in seconds since 1970, if it could be read.
        case understudy(date: Int?)
        case other
        case nobody
    }

    package var variables: [String: String] = [:]
    /// The text of the shared files, nil where there is none.
    package var configFile: String?
    package var credentialsFile: String?
    package var hostsFile = ""
    /// The text of files that variables name, by their paths; those that cannot be read are left out.
    package var files: [String: String] = [:]
    /// The local authority: where its certificate is, and that.
    package var authorityPath: String?
    package var authority: String?
    /// What answers at the places on this machine that are asked for, by `scheme://host:port`.
    package var answers: [String: Answerer] = [:]
    /// Seconds since 1970.
    package var now = 0

    package init() {}

    /// A variable that has a value.
    package subscript(name: String) -> String? {
        guard let value = variables[name], !value.isEmpty else { return nil }
        return value
    }

    /// Where the server listens unless told otherwise.
    package static let usual = "http://127.0.0.1:8787"

    // MARK: What has to be found out first

    /// Files whose text is needed.
    package var filesToRead: [String] {
        TrustChecks.variables.compactMap { self[$0] } + (profile.value("ca_bundle").map { [$0] } ?? [])
    }

    /// Places on this machine to knock at: nothing else is ever asked.
    package var placesToAsk: [String] {
        var urls = [Self.usual]
        urls += variables.keys.sorted().filter(Self.namesPlace).compactMap { self[$0] }
        urls += [profile.endpoint(of: .agentcore)?.url, profile.value("endpoint_url")].compactMap { $0 }
        var places: [String] = []
        for url in urls {
            guard let place = Place(url), Address.isThisMachine(place.host) else { continue }
            for scheme in [Scheme.http, .https] where !places.contains(place.origin(scheme)) {
                places.append(place.origin(scheme))
            }
        }
        return HostLines(hostsFile).isUsed ? places + ["https://127.0.0.1:443"] : places
    }

    private static func namesPlace(_ variable: String) -> Bool {
        let name = variable.uppercased()
        return name.hasPrefix("AWS_ENDPOINT_URL") || name.hasPrefix("BEDROCK_AGENTCORE_") && name.hasSuffix("_ENDPOINT")
            || ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "AGENTCORE_RUNTIME_URL"].contains(name)
    }

    var profile: Profile { Profile(self) }

    /// Where the server was found, plain before TLS.
    package var server: String? {
        let found = placesToAsk.filter { if case .understudy = answers[$0] ?? .nobody { true } else { false } }
        return found.first { $0.hasPrefix("http:") } ?? found.first
    }

    /// Where it is taken to be.
    var serverOrUsual: String { server ?? Self.usual }
}

/// A URL, as far as it says where somebody goes.
struct Place: Equatable, Sendable {
    let scheme: Scheme
    let host: String
    let port: UInt16
    let target: String
    let url: String

    init?(_ url: String) {
        guard let parts = HTTPURI(url) else { return nil }
        (scheme, host, port, target) = (parts.scheme, parts.host, parts.port, parts.target)
        self.url = url
    }

    func origin(_ scheme: Scheme) -> String {
        "\(scheme.prefix)\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }
    var origin: String { origin(scheme) }
}

extension StringProtocol {
    /// Whether the text stands somewhere in it.
    func holds(_ text: String) -> Bool {
        let (bytes, part) = (Array(utf8), Array(text.utf8))
        guard part.count <= bytes.count else { return false }
        return (0...bytes.count - part.count).contains { bytes[$0...].starts(with: part) }
    }
}
