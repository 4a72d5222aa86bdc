import Bytes

/// What is called: the part of a question that many calls share, by reference.
package final class Target: Sendable {
    /// `restaurant_search_agent-ABCDEFGHIJ`
    package let agent: String
    package let arn: String
    package let qualifier: String
    package let operation: String

    package init(agent: String, arn: String, qualifier: String = "DEFAULT", operation: String = "InvokeAgentRuntime") {
        self.agent = agent
        self.arn = arn
        self.qualifier = qualifier
        self.operation = operation
    }
}

/// One call as the rules see it. Its payload and its headers stay where they are: see `Payload` and `HeaderLookup`. A
/// class, so that whoever is asked copies nothing.
package final class Question: Sendable {
    /// Every session starts in this state.
    package static let firstState = "start"

    package let target: Target
    package let session: String?
    package let user: String?
    /// The call's number in its session, from 1.
    package let call: Int
    package let state: String

    package init(
        target: Target, session: String? = nil, user: String? = nil, call: Int = 1, state: String = firstState
    ) {
        self.target = target
        self.session = session
        self.user = user
        self.call = call
        self.state = state
    }
}

/// The value of the first header field of this name (lower case), as it stood on the wire.
package typealias HeaderLookup = (_ lowercaseName: [UInt8]) -> ArraySlice<UInt8>?
