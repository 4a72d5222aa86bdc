import Bytes
import HTTPWire

/// Where calls are passed on to. A class, as every call that is passed on holds it, and it has many parts.
package final class Destination: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        /// The service, or something that speaks its paths.
        case service
        /// An agent that speaks the container contract: `/invocations` and `/ping`.
        case agent
    }

    package let kind: Kind
    package let url: HTTPURI
    /// As it was told, without a slash at its end.
    package let text: String
    /// The path, without a slash at its end.
    private let base: [UInt8]

    /// Nil when the text is no http or https URL, or one with a user name, a query or a fragment.
    package init?(_ kind: Kind, _ text: String) {
        guard let url = HTTPURI(text), !url.hasUserinfo, !url.hasFragment, url.writtenPort != "",
            !url.target.utf8.contains(UInt8(ascii: "?"))
        else { return nil }
        self.kind = kind
        self.url = url
        self.text = text.hasSuffix("/") ? String(text.dropLast()) : text
        let target = Array(url.target.utf8)
        base = target.last == UInt8(ascii: "/") ? target.dropLast() : target
    }

    package static func == (left: Destination, right: Destination) -> Bool {
        left.kind == right.kind && left.text == right.text
    }

    /// The target of a request for `path`, which begins with a slash, below the destination's own path.
    package func target(of path: [UInt8]) -> [UInt8] { base.isEmpty ? path : base + path }

    /// The region that the host of the service names: `bedrock-agentcore.us-east-1.amazonaws.com`, and its kin of other
    /// partitions, with `-fips` and for two stacks (wire reference 1).
    package var region: String? {
        let labels = url.host.lowercased().split(separator: ".")
        guard labels.count >= 3, labels[0] == "bedrock-agentcore" || labels[0] == "bedrock-agentcore-fips",
            labels[1].contains("-")
        else { return nil }
        return String(labels[1])
    }
}

/// A request as it leaves for the other side. A class for the same reason: it goes from hand to hand.
package final class PassedRequest {
    package let destination: Destination
    package let method: [UInt8]
    package let target: [UInt8]
    package var fields: FieldBlock
    package let body: [UInt8]
    /// What follows it, and the hash of both where it is known.
    package var aside: ContentAside?
    package var bodyDigest: [UInt8]?
    /// Who is asked, where that is told the other side by another name than its own.
    package var host: String?
    /// What of it must not be repeated by an answer.
    package var secrets: [[UInt8]] = []

    package init(_ destination: Destination, method: [UInt8], target: [UInt8], fields: FieldBlock, body: [UInt8]) {
        self.destination = destination
        self.method = method
        self.target = target
        self.fields = fields
        self.body = body
    }

    package var isHead: Bool { method.elementsEqual("HEAD".utf8) }

    /// RFC 9110 8.6: "A user agent SHOULD send Content-Length in a request when the method defines a meaning for enclosed
    /// content", also for none.
    package var length: Int? {
        let definesContent = !isHead && !method.elementsEqual("GET".utf8)
        let count = body.count + (aside?.count ?? 0)
        return definesContent || count > 0 ? count : nil
    }
}
