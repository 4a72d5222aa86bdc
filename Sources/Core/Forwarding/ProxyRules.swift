import Bytes
import HTTPWire

/// Through which proxy another server is asked, by the variables that most programs know: `http_proxy`, `https_proxy`,
/// `all_proxy` and `no_proxy`, in small letters or capitals. This machine is never asked through one.
package struct ProxyRules: Equatable, Sendable {
    package static let none = ProxyRules(environment: [:])

    private var proxies: [Scheme: HTTPURI] = [:]
    /// Hosts, with a port or without; one that begins with a dot, and any other, stands for all below it.
    private var exceptions: [String] = []

    package init(environment: [String: String]) {
        func value(_ name: String) -> String? {
            let found = environment[name] ?? environment[name.uppercased()]
            return found.flatMap { $0.isEmpty ? nil : $0 }
        }
        for scheme in Scheme.allCases {
            guard let text = value("\(scheme.rawValue)_proxy") ?? value("all_proxy") else { continue }
            // curl takes a proxy without a scheme for an http one.
            proxies[scheme] = HTTPURI(Scheme(of: text) == nil ? "http://\(text)" : text)
        }
        exceptions = (value("no_proxy") ?? "").split { $0 == "," || $0 == " " }.map { $0.lowercased() }
    }

    package func proxy(for url: HTTPURI) -> HTTPURI? {
        guard let proxy = proxies[url.scheme], !Self.isThisMachine(url), !isException(url) else { return nil }
        return proxy
    }

    package static func isThisMachine(_ url: HTTPURI) -> Bool {
        url.isLocalhost || url.host == "::1" || url.host.hasPrefix("127.")
    }

    private func isException(_ url: HTTPURI) -> Bool {
        let host = url.host.lowercased()
        return exceptions.contains { exception in
            if exception == "*" { return true }
            let parts = exception.split(separator: ":", maxSplits: 1)
            if parts.count == 2, let port = UInt16(parts[1]), port != url.port { return false }
            let name = (parts.count == 2 && UInt16(parts[1]) != nil ? String(parts[0]) : exception).drop { $0 == "." }
            return !name.isEmpty && (host == name || host.hasSuffix(".\(name)"))
        }
    }
}
