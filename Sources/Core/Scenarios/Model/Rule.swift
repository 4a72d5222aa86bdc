import JSON

/// When → reply.
package struct Rule: Equatable, Sendable {
    package var name: String?
    package var agent: String?
    package var qualifier: String?
    package var operation: String?
    package var when: Condition?
    /// The session's next state.
    package var then: String?
    package var reply: Reply

    package init(reply: Reply) { self.reply = reply }
}

package struct Condition: Equatable, Sendable {
    package var payload: [PayloadTest] = []
    package var header: [HeaderTest] = []
    package var session: String?
    package var user: String?
    package var call: String?
    package var state: String?

    package init() {}
}

/// A comparison: what a payload path or a header has to satisfy. The operators that stand are all to hold.
package struct Comparison: Equatable, Sendable {
    package var equals: JSON.Value?
    package var contains: String?
    package var matches: String?
    package var exists: Bool?

    package init() {}
}

package struct PayloadTest: Equatable, Sendable {
    package var path: String
    package var comparison: Comparison

    package init(path: String, comparison: Comparison) {
        self.path = path
        self.comparison = comparison
    }
}

package struct HeaderTest: Equatable, Sendable {
    package var name: String
    package var comparison: Comparison

    package init(name: String, comparison: Comparison) {
        self.name = name
        self.comparison = comparison
    }
}

package struct Reply: Equatable, Sendable {
    package var kind: Kind
    package var status: Int?
    package var headers: [HeaderLine]?
    package var contentType: String?
    package var delay: Duration?

    package enum Kind: Equatable, Sendable {
        case json(JSON.Value)
        case text(String)
        case base64([UInt8])
        case file(String)
        case stream(Stream)
        case echo
        /// A service error by its name, with a message of one's own or the service's.
        case error(name: String, message: String?)
        /// The agent's own status: the caller sees what the platform makes of it. With the time that the agent has to
        /// begin, the failure of a new session is told when that is over.
        case agentError(status: Int, initialization: Duration? = nil)
    }

    package init(_ kind: Kind) { self.kind = kind }
}

package struct HeaderLine: Equatable, Sendable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

package struct Stream: Equatable, Sendable {
    package var firstAfter: Duration?
    package var every: Duration?
    package var jitter: Double?
    package var events: [Event] = []

    package init() {}

    /// One server-sent event. `after` counts from the event before it and stands for `every`.
    package struct Event: Equatable, Sendable {
        package var data: JSON.Value?
        /// Unquoted text in place of `data`, a line for each of its lines.
        package var text: String?
        package var event: String?
        package var id: String?
        package var retry: Int?
        package var comment: String?
        package var after: Duration?

        package init() {}
    }
}
