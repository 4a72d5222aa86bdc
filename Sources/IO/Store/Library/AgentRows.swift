import Fields
import JSON
import Library
import Runtime

extension Database {
    func readAgents(_ mistakes: RowMistakes) throws(DatabaseError) -> [Agent] {
        var endpoints = try readEndpoints(mistakes)
        let agents = try rows(
            of: "agents",
            """
            arn, protocol, auth, jwt, dialect, idle_timeout, max_lifetime, cold_start, request_headers, forward,
            written_empty, most_sessions, new_sessions, rate, initialization, cold_start_first, cold_start_then,
            stop_takes, longest_request, longest_stream, retry_after
            """, mistakes
        ) { row -> Agent? in
            let empty = row.writtenEmpty(13, ["endpoints", "session", "limits"])
            var agent = Agent(arn: row.needed(3, row.text(3)) ?? "")
            agent.protocol = row.choice(4, AgentProtocol.self)
            agent.auth = row.auth(5, jwt: 6)
            agent.dialect = row.choice(7, Dialect.self)
            let limits = SessionLimits(
                idleTimeout: row.duration(8), maxLifetime: row.duration(9), coldStart: row.coldStart(10, 18, 19),
                initialization: row.duration(17), stopTakes: row.duration(20))
            agent.session = limits != SessionLimits() || empty.contains("session") ? limits : nil
            let quotas = ServiceLimits(
                sessions: row.integer(14), newSessions: row.rate(15), rate: row.rate(16), request: row.duration(21),
                stream: row.duration(22), retryAfter: row.duration(23))
            agent.limits = quotas != ServiceLimits() || empty.contains("limits") ? quotas : nil
            agent.requestHeaders = row.texts(11)
            agent.forward = row.text(12)
            agent.endpoints = endpoints.removeValue(forKey: row.id) ?? (empty.contains("endpoints") ? [] : nil)
            return agent
        }
        mistakes.noteOrphans(endpoints.keys, table: "endpoints", column: "agent", of: "agents")
        return agents
    }

    private func readEndpoints(_ mistakes: RowMistakes) throws(DatabaseError) -> [Int64: [String]] {
        let endpoints = try rows(of: "endpoints", owner: "agent", "name", mistakes) { row -> (Int, String)? in
            guard let agent = row.integer(1), let name = row.needed(3, row.text(3)) else { return nil }
            return (agent, name)
        }
        return Dictionary(grouping: endpoints) { Int64($0.0) }.mapValues { $0.map(\.1) }
    }

    func writeAgents(_ agents: [Agent]) throws(DatabaseError) {
        let insert = try statement(
            """
            INSERT INTO agents (position, arn, protocol, auth, jwt, dialect, idle_timeout, max_lifetime, cold_start,
              request_headers, forward, written_empty, most_sessions, new_sessions, rate, initialization,
              cold_start_first, cold_start_then, stop_takes, longest_request, longest_stream, retry_after)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        let insertEndpoint = try statement("INSERT INTO endpoints (agent, position, name) VALUES (?, ?, ?)")
        for (index, agent) in agents.enumerated() {
            let columns = agent.auth?.columns
            var empty: [String] = []
            if agent.endpoints == [] { empty.append("endpoints") }
            if agent.session == SessionLimits() { empty.append("session") }
            if agent.limits == ServiceLimits() { empty.append("limits") }
            let coldStart = agent.session?.coldStart?.columns
            try insert.run(
                RowPosition.written(index), .text(agent.arn), Datum(agent.protocol?.rawValue), Datum(columns?.word),
                Datum(columns?.jwt), Datum(agent.dialect?.rawValue), Datum(agent.session?.idleTimeout),
                Datum(agent.session?.maxLifetime), Datum(coldStart?.delay), Datum(agent.requestHeaders),
                Datum(agent.forward), Datum(writtenEmpty: empty), Datum(agent.limits?.sessions),
                Datum(agent.limits?.newSessions?.text), Datum(agent.limits?.rate?.text),
                Datum(agent.session?.initialization), Datum(coldStart?.first), Datum(coldStart?.then),
                Datum(agent.session?.stopTakes), Datum(agent.limits?.request), Datum(agent.limits?.stream),
                Datum(agent.limits?.retryAfter))
            let row = lastInsertedRow
            for (place, name) in (agent.endpoints ?? []).enumerated() {
                try insertEndpoint.run(.integer(row), RowPosition.written(place), .text(name))
            }
        }
    }
}

/// A scenario file may say `"session": {}` and means no more than by leaving it out, but a library gives back what came.
extension Row {
    fileprivate func rate(_ column: Int32) -> Rate? {
        guard let text = text(column) else { return nil }
        return Rate(text) ?? wrong(column, "\(Self.quoted(text)) is no rate: write 25/s, 100/m or 1/10s")
    }

    /// Two of its columns go together.
    fileprivate func coldStart(_ delay: Int32, _ first: Int32, _ then: Int32) -> ColdStartTime? {
        guard let number = integer(first) else { return duration(delay).map(ColdStartTime.always) }
        guard let time = needed(delay, duration(delay)), let rest = needed(then, duration(then)) else { return nil }
        return .ordinal(first: number, time, then: rest)
    }

    func writtenEmpty(_ column: Int32, _ known: Set<String>) -> Set<String> {
        guard let text = text(column) else { return [] }
        let words = Set(text.split(separator: " ").map(String.init))
        if !words.isSubset(of: known) {
            note(column, "\(Self.quoted(text)) holds more than \(known.sorted().joined(separator: " "))")
        }
        return words
    }
}

extension ColdStartTime {
    fileprivate var columns: (delay: Duration, first: Int?, then: Duration?) {
        switch self {
        case .always(let time): (time, nil, nil)
        case .ordinal(let first, let time, let then): (time, first, then)
        }
    }
}

extension Datum {
    init(writtenEmpty keys: [String]) { self = keys.isEmpty ? .null : .text(keys.joined(separator: " ")) }
}

extension RowMistakes {
    /// Rows that point to a row that is not there: SQL with foreign keys off leaves them, and they would be lost.
    func noteOrphans(_ owners: some Collection<Int64>, table: String, column: String, of owner: String) {
        for number in owners.sorted() {
            all.append(
                .init(table: table, row: nil, column: column, what: "\(number) is no row of \(owner)"))
        }
    }
}
