import Time

/// An event's time twice: by real time, which orders events, and by the clock of the space, which measures between them.
package struct Moment: Hashable, Sendable {
    package var real: Instant
    package var clock: Instant

    package init(real: Instant, clock: Instant) {
        self.real = real
        self.clock = clock
    }

    /// Both clocks agree.
    package init(_ instant: Instant) { self.init(real: instant, clock: instant) }
}

/// What a judge may know of one call: the part of the journal's record that shows how the client behaved.
package struct ObservedCall: Sendable {
    /// How the connection ended, in the journal's words.
    package enum Outcome: String, CaseIterable, Sendable {
        case completed
        case clientClosed = "client-closed"
        case reset
        case closed
        case hung
        case refused
    }

    /// Why a call was turned away at the gate.
    package enum Refusal: Sendable {
        /// The token ends too soon, or has ended: a new one would do.
        case token
        case access
    }

    /// What the SDKs say of their retries.
    package struct Invocation: Sendable {
        package var id: String
        package var attempt: Int?
        package var max: Int?

        package init(id: String, attempt: Int? = nil, max: Int? = nil) {
            self.id = id
            self.attempt = attempt
            self.max = max
        }
    }

    package struct Token: Sendable {
        package var id: String
        package var issuedAt: Instant?
        package var expires: Instant?

        package init(id: String, issuedAt: Instant? = nil, expires: Instant? = nil) {
            self.id = id
            self.issuedAt = issuedAt
            self.expires = expires
        }
    }

    /// What the answer asked a client to wait, in seconds.
    package struct Hints: Sendable {
        /// `Retry-After`.
        package var retryAfter: Double?
        /// `x-amz-retry-after`, which is sent in milliseconds.
        package var amzRetryAfter: Double?

        package init(retryAfter: Double? = nil, amzRetryAfter: Double? = nil) {
            self.retryAfter = retryAfter
            self.amzRetryAfter = amzRetryAfter
        }
    }

    package var number: Int
    package var space = ""
    package var agent: String?
    package var qualifier: String?
    package var operation: String?
    package var principal: String?
    package var user: String?
    package var session: String?
    package var rule: String?
    /// It was let in, and nothing in the library answers it.
    package var isUnmatched = false
    package var faults: [String] = []
    package var trace: String?
    package var userAgent: String?
    /// The fields that `Wanted.headers` names, by their lowercase names.
    package var headers: [String: String] = [:]
    /// What stood at the places of `Wanted.paths`, by the path's text.
    package var values: [String: String] = [:]
    package var arrived: Moment
    package var payload: UInt64 = 0
    package var invocation: Invocation?
    package var token: Token?
    /// The call went to the issuer.
    package var isIssuer = false
    /// The client named the session itself.
    package var namesSession = true
    /// The call began a new life of its session.
    package var startsSession = false

    // The end. All of it is absent, and `ended` nil, while the call is in flight.
    package var status: Int?
    /// The service's name of the error, `ThrottlingException`.
    package var error: String?
    package var refusal: Refusal?
    package var hints = Hints()
    package var firstByte: Instant?
    package var lastByte: Instant?
    package var ended: Moment?
    package var outcome: Outcome?

    package init(number: Int, arrived: Moment) {
        self.number = number
        self.arrived = arrived
    }
}

/// A caller says that it wanted to call and did not: silence that is explained.
package struct ObservedMark: Sendable {
    package var space: String
    package var agent: String?
    package var by: String?
    package var note: String?
    package var at: Moment

    package init(space: String = "", agent: String? = nil, by: String? = nil, note: String? = nil, at: Moment) {
        self.space = space
        self.agent = agent
        self.by = by
        self.note = note
        self.at = at
    }
}

/// What expectations look for in a request beyond the fields that every call has: whoever makes an `ObservedCall` out of
/// a record looks these up.
package struct Wanted: Equatable, Sendable {
    /// In lower case.
    package var headers: Set<String> = []
    package var paths: Set<String> = []

    package init() {}

    /// What all of them look for.
    package init(_ expectations: [Expectation]) {
        for expectation in expectations {
            headers.formUnion(expectation.wanted.headers)
            paths.formUnion(expectation.wanted.paths)
        }
    }
}
