import Fields
import JSON
import Runtime

/// How long an agent's sessions live, begin and end. What takes time takes none unless it is stated.
package struct SessionLimits: Equatable, Sendable {
    package var idleTimeout: Duration?
    package var maxLifetime: Duration?
    package var coldStart: ColdStartTime?
    /// How long an agent that calls are passed on to may take to come up.
    package var initialization: Duration?
    /// How long `StopRuntimeSession` takes to answer, and the session's machine to go.
    package var stopTakes: Duration?

    package init(
        idleTimeout: Duration? = nil, maxLifetime: Duration? = nil, coldStart: ColdStartTime? = nil,
        initialization: Duration? = nil, stopTakes: Duration? = nil
    ) {
        self.idleTimeout = idleTimeout
        self.maxLifetime = maxLifetime
        self.coldStart = coldStart
        self.initialization = initialization
        self.stopTakes = stopTakes
    }
}

/// How long a new session takes to begin.
package enum ColdStartTime: Equatable, Sendable {
    case always(Duration)
    /// Observed: containers have a warm pool of ten, and the eleventh session waits longer.
    case ordinal(first: Int, Duration, then: Duration)

    /// `number` counts the agent's sessions from 1.
    package func time(ofSession number: Int) -> Duration {
        switch self {
        case .always(let time): time
        case .ordinal(let first, let time, let then): number <= first ? time : then
        }
    }
}

/// The service's quotas and rates (wire reference 9). None holds unless it is stated.
package struct ServiceLimits: Equatable, Sendable {
    /// Sessions that may be active at a time.
    package var sessions: Int?
    package var newSessions: Rate?
    /// Calls of every operation.
    package var rate: Rate?
    /// How long an answer may take to begin: the service's 15 minutes.
    package var request: Duration?
    /// How long one may last that has begun: the service's 60.
    package var stream: Duration?
    /// When those who came too fast are asked to come again.
    package var retryAfter: Duration?

    package init(
        sessions: Int? = nil, newSessions: Rate? = nil, rate: Rate? = nil, request: Duration? = nil,
        stream: Duration? = nil, retryAfter: Duration? = nil
    ) {
        self.sessions = sessions
        self.newSessions = newSessions
        self.rate = rate
        self.request = request
        self.stream = stream
        self.retryAfter = retryAfter
    }
}

// MARK: Read

extension SessionLimits {
    static func read(_ fields: inout FieldReader) -> SessionLimits {
        SessionLimits(
            idleTimeout: fields.duration("idleTimeout"), maxLifetime: fields.duration("maxLifetime"),
            coldStart: ColdStartTime.read(&fields), initialization: fields.duration("initialization"),
            stopTakes: fields.duration("stopTakes"))
    }
}

extension ColdStartTime {
    fileprivate static func read(_ fields: inout FieldReader) -> ColdStartTime? {
        fields.either("coldStart", expected: "a duration or {\"first\": …, \"delay\": …, \"then\": …}") { fields in
            fields.duration("coldStart").map(ColdStartTime.always)
        } object: { fields in
            fields.object("coldStart") { fields in
                let first = fields.required("first") { $0.integer($1, 1...Int.max) }
                let delay = fields.required("delay") { $0.duration($1) }
                let then = fields.required("then") { $0.duration($1) }
                guard let first, let delay, let then else { return nil }
                return .ordinal(first: first, delay, then: then)
            }
        }
    }
}

extension ServiceLimits {
    static func read(_ fields: inout FieldReader) -> ServiceLimits {
        ServiceLimits(
            sessions: fields.integer("sessions", 0...Int.max),
            newSessions: fields.text("newSessions", rate).flatMap(Rate.init),
            rate: fields.text("rate", rate).flatMap(Rate.init), request: fields.duration("request"),
            stream: fields.duration("stream"), retryAfter: retryAfter(&fields))
    }

    /// As a fault takes it: a duration, or whole seconds.
    private static func retryAfter(_ fields: inout FieldReader) -> Duration? {
        fields.either("retryAfter", expected: "a duration or whole seconds") { fields in
            fields.duration("retryAfter")
        } number: { fields in
            fields.integer("retryAfter", 0...31_536_000).map { .seconds($0) }
        }
    }

    private static let rate = TextCheck(
        { "\(TextCheck.quoted($0)) is no rate" }, hint: "rates are written \"25/s\", \"100/m\", \"1/10s\""
    ) { Rate($0) != nil }
}

// MARK: Written

extension SessionLimits {
    var written: Value {
        var fields = FieldWriter()
        fields.add("idleTimeout", idleTimeout)
        fields.add("maxLifetime", maxLifetime)
        fields.add("coldStart", coldStart?.written)
        fields.add("initialization", initialization)
        fields.add("stopTakes", stopTakes)
        return fields.object
    }
}

extension ColdStartTime {
    fileprivate var written: Value {
        var fields = FieldWriter()
        switch self {
        case .always(let time): return .string(time.text)
        case .ordinal(let first, let time, let then):
            fields.add("first", first)
            fields.add("delay", time)
            fields.add("then", then)
            return fields.object
        }
    }
}

extension ServiceLimits {
    var written: Value {
        var fields = FieldWriter()
        fields.add("sessions", sessions)
        fields.add("newSessions", newSessions?.text)
        fields.add("rate", rate?.text)
        fields.add("request", request)
        fields.add("stream", stream)
        fields.add("retryAfter", retryAfter)
        return fields.object
    }
}
