import Bytes
import HTTPWire
import Runtime

/// Who may use the control API. On loopback, whoever is on this machine, but no web page: a page can make a browser send
/// requests here (its Origin gives it away), and can point a name of its own at 127.0.0.1 (its Host does). Only a page
/// that this server served itself may, and what it changes it sends as JSON, which no form of another page does. Bound to
/// more than loopback, whoever shows the token.
package struct ControlGuard {
    let token: String?

    package init(token: String?) { self.token = token }

    func check(_ request: Request) throws(ControlRefusal) {
        if let token { return try check(token, request) }
        if let host = request.host.map({ String(lossy: $0) }), !Self.isLocal(host) {
            throw ControlRefusal(
                403, "the control API answers to IP addresses and localhost only, not to the host \(host)")
        }
        guard let origin = request.text(of: .origin) else { return }
        guard origin.lowercased() == request.base.lowercased() else {
            throw ControlRefusal(403, "the control API is not for web pages of \(origin)")
        }
        guard Self.onlyAsks(request) || Self.isJSON(request.text(of: .contentType)) else {
            throw ControlRefusal(415, "a web page that changes something sends it as application/json")
        }
    }

    /// Without a body, too, a change is a change.
    private static func onlyAsks(_ request: Request) -> Bool { request.isMethod("GET") || request.isMethod("HEAD") }

    private static func isJSON(_ contentType: String?) -> Bool {
        let type = (contentType ?? "").prefix { $0 != ";" && $0 != " " }
        return type.lowercased() == "application/json"
    }

    private func check(_ token: String, _ request: Request) throws(ControlRefusal) {
        let prefix = Array("bearer ".utf8)
        let value = Array(request.value(of: .authorization) ?? [])
        guard value.count > prefix.count, value.prefix(prefix.count).map(ASCII.lowercased) == prefix,
            ConstantTime.equal(Array(value.dropFirst(prefix.count)), Array(token.utf8))
        else {
            throw ControlRefusal(
                401,
                "this server is open to other machines: control calls need \"Authorization: Bearer …\" with its control token"
            )
        }
    }

    /// An IP address, localhost, or a name below localhost; with any port.
    static func isLocal(_ authority: String) -> Bool {
        let bytes = authority.utf8.map(ASCII.lowercased)
        if bytes.first == UInt8(ascii: "[") { return true }
        let name = bytes.prefix { $0 != UInt8(ascii: ":") }
        if name.allSatisfy({ ASCII.isDigit($0) || $0 == UInt8(ascii: ".") }) { return !name.isEmpty }
        let text = String(lossy: name)
        return text == "localhost" || text.hasSuffix(".localhost")
    }

    /// Whether a server bound to this address can be reached from this machine only.
    package static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }
}
