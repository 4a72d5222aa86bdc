import Bytes
import HTTPWire

// Rules.  A client that has the server for its proxy gets an answer from the server itself where it asks for a host of AWS
//         that the server stands in for. Anything else is refused, unless passing on was asked for. Nothing is ever
//         passed on to the server itself; and only a client on the same machine is taken to what is not public, which it
//         could reach without help.
//         RFC 9110 7.4: "a request for an "https" resource MUST be rejected unless it has been received over a
//         connection that has been secured", so an absolute https target that comes in clear is refused, whoever it
//         names.
// Table.  | asked for                          | CONNECT        | absolute target |
//         |------------------------------------|----------------|-----------------|
//         | https, in clear                    |                | refused         |
//         | a host that is stood in for        | answered       | answered        |
//         | the server itself                  | refused        | answered        |
//         | anything else                      | refused, or passed on with `--proxy-others` |

/// What becomes of a request to a proxy.
package struct ProxyPolicy: Sendable {
    package enum Decision: Equatable, Sendable {
        case answer
        case pass(to: HTTPURI)
        case refuse(status: Int, message: String)
    }

    package let passesOthers: Bool
    package let ownPorts: [UInt16]

    package init(passesOthers: Bool, ownPorts: [UInt16]) {
        (self.passesOthers, self.ownPorts) = (passesOthers, ownPorts)
    }

    /// `authority` is the host and port of a tunnel, or of an absolute target with this scheme.
    package func decide(authority: String, scheme: Scheme, isTunnel: Bool, isSecured: Bool) -> Decision {
        if scheme == .https, !isTunnel, !isSecured { return .refuse(status: 400, message: Self.inClear) }
        guard let place = HTTPURI(scheme.prefix + authority) else {
            return .refuse(status: 400, message: "“\(authority)” is not a host and a port.")
        }
        if ServiceHost(place.host) != nil { return .answer }
        if !isTunnel, isServer(place) { return .answer }
        if ownPorts.contains(place.port), Address.isThisMachine(place.host) {
            return .refuse(status: 403, message: Self.isItself(place))
        }
        guard passesOthers else { return .refuse(status: 403, message: Self.isUnknown(place)) }
        return .pass(to: place)
    }

    /// A name of this machine, or one for this port that can be no public host: as containers name each other. Where others
    /// are passed on, another port of this machine is another server.
    private func isServer(_ place: HTTPURI) -> Bool {
        let isHere = Address.isThisMachine(place.host)
        return ownPorts.contains(place.port) ? isHere || !place.host.contains(".") : isHere && !passesOthers
    }

    /// Whether a client may be taken to an address that was found: `peer` is the client's own, `local` the one it came to.
    package func mayPass(to address: String, port: UInt16, for peer: String, at local: String) -> Decision? {
        let isOwn = ownPorts.contains(port) && (Address.isThisMachine(address) || address == local)
        if isOwn { return .refuse(status: 403, message: "\(address) port \(port) is this server itself.") }
        if Address.isPublic(address) || Address.isThisMachine(peer) { return nil }
        return .refuse(
            status: 403,
            message: "\(address) is no public address: only clients on this machine are passed on to such.")
    }
}

extension ProxyPolicy {
    private static let inClear =
        "The target is an https:// URI, and the request came in clear: ask the proxy for a tunnel (CONNECT), and speak "
        + "TLS in it."

    private static func isItself(_ place: HTTPURI) -> String {
        "\(place.authority) is this server itself: call it without a proxy (NO_PROXY=localhost,127.0.0.1,::1)."
    }

    private static func isUnknown(_ place: HTTPURI) -> String {
        "\(place.host) is none of the hosts that this server stands in for (Bedrock AgentCore, Cognito, STS, SSM, "
            + "CloudWatch Logs, X-Ray): list it in NO_PROXY, or have the server pass others on with --proxy-others."
    }
}

/// Who a client says it is to its proxy: RFC 9110 11.7.2 with RFC 7617, `Basic base64(user ":" password)`.
package enum ProxyUser {
    /// The user alone; nil when there is none, or it cannot be read.
    package static func name(in request: borrowing Request) -> [UInt8]? {
        guard let value = request.value(of: "proxy-authorization"),
            let space = value.firstIndex(of: UInt8(ascii: " ")),
            ASCII.equalsIgnoringCase(value[..<space], "basic".utf8),
            let decoded = Base64.standard.decode(value[space...].drop { $0 == UInt8(ascii: " ") })
        else { return nil }
        let name = decoded.prefix { $0 != UInt8(ascii: ":") }
        return name.isEmpty ? nil : Array(name)
    }
}
