import Bytes
import Delivery
import JSON
import Journal

/// A call in a line for people, as the log of `serve` and `understudy journal` show it:
///
///     2026-01-15T12:00:00.000Z  #12  200  InvokeAgentRuntime  my_agent-AbCdEf1234  session s-1  12.345 ms  “rule”
///
/// With its space, when that is not the usual one, and which attempt it was, from the second on; behind that, the faults
/// that were to strike, why it was refused, and how it ended when that is not “completed”.
struct CallLine: Equatable {
    var number: Int
    /// RFC 3339.
    var arrived: String
    var status: Int?
    /// The operation, or what was asked for at a door that leads to none.
    var what: String
    var agent: String?
    var space: String?
    var session: String?
    var attempt: Int?
    /// From its arrival to its end, in nanoseconds.
    var ended: Int64?
    var rule: String?
    var faults: [String]
    var why: String?
    var outcome: String?

    init(_ call: CallRecord) {
        number = call.number
        arrived = call.arrived.rfc3339
        status = call.number(.status).map { Int($0) }
        what = call.text(.operation) ?? "\(call.text(.method) ?? "") \(call.path)"
        agent = call.text(.agent)
        space = call.text(.space)
        session = call.text(.session)
        attempt = call.attempt
        ended = call.number(.ended)
        rule = call.text(.rule)
        faults = Self.faults(call.content(.faults).flatMap { try? Value.parse($0.span) })
        // The gate's own words say more than the service's.
        why = call.text(.authWhy) ?? call.outcome?.why ?? call.text(.why)
        outcome = call.outcome?.word
    }

    /// As the control API tells it.
    init(_ call: Value) {
        let (request, auth) = (call["request"], call["auth"])
        number = call["number"]?.integer ?? 0
        arrived = call["arrived"]?.text ?? ""
        status = call["status"]?.integer
        let path = (request?["path"]?.text).map { String($0.prefix { $0 != "?" }) }
        what = call["operation"]?.text ?? "\(request?["method"]?.text ?? "") \(path ?? "")"
        agent = call["agent"]?.text
        space = call["space"]?.text
        session = call["session"]?.text
        attempt = call["invocation"]?["attempt"]?.integer
        ended = call["ended"]?.double.flatMap { Int64(exactly: ($0 * 1_000_000).rounded()) }
        rule = call["rule"]?.text
        faults = Self.faults(call["faults"])
        why = auth?["why"]?.text ?? call["why"]?.text
        outcome = call["outcome"]?.text
    }

    /// `slow`, or `cut (not applied: the reply has no frames)`.
    private static func faults(_ list: Value?) -> [String] {
        (list?.array ?? []).map { fault in
            let name = fault["name"]?.text ?? ""
            guard fault["applied"]?.bool != true, let why = fault["why"]?.text else { return name }
            return "\(name) (not applied: \(why))"
        }
    }

    /// `coloured` gets the status and its colour, green below 400, red from there on; and the faults in yellow.
    func text(withDate: Bool = true, coloured: (String, String) -> String = { text, _ in text }) -> String {
        let time = "\(arrived.prefix(23))Z"
        let words: [String?] = [
            withDate ? time : String(time.dropFirst(11).dropLast()), "#\(number)",
            coloured(status.map(String.init) ?? "…", (status ?? 0) < 400 ? "32" : "31"), Self.shown(what),
            agent.map { Self.shown(Self.short($0)) },
            space == "default" ? nil : space.map { "space \(Self.shown($0))" },
            session.map { "session \(Self.shown($0))" }, attempt.flatMap { $0 > 1 ? "attempt \($0)" : nil },
            ended.map { "\(Self.milliseconds($0)) ms" },
            rule.map { "“\(Self.shown($0))”" },
            faults.isEmpty ? nil : coloured("fault " + faults.map(Self.shown).joined(separator: ", "), "33"),
            why.map(Self.shown),
            outcome == "completed" ? nil : outcome.map(Self.shown) ?? "running",
        ]
        return words.compactMap { $0 }.joined(separator: "  ")
    }

    /// The agent's id: the rest of the ARN is the same on every line.
    static func short(_ agent: String) -> String { String(agent.split(separator: "/").last ?? "") }

    /// On one line, and without what would command a terminal: agents and paths are what a caller made of them.
    static func shown(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars {
            if scalar == "\n" || scalar == "\r" { return shown + " …" }
            shown.unicodeScalars.append(isHarmless(scalar) ? scalar : "\u{FFFD}")
        }
        return shown
    }

    /// All of it, on one line: where it would begin another or command a terminal, there is a mark instead.
    static func harmless(_ text: String) -> String {
        var harmless = ""
        for scalar in text.unicodeScalars { harmless.unicodeScalars.append(isHarmless(scalar) ? scalar : "\u{FFFD}") }
        return harmless
    }

    /// Controls, and what turns the direction of writing.
    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069: false
        default: true
        }
    }

    /// Nanoseconds as milliseconds with three digits behind the point, rounded.
    static func milliseconds(_ nanoseconds: Int64) -> String {
        let microseconds = max(0, nanoseconds) / 1_000 + (max(0, nanoseconds) % 1_000 >= 500 ? 1 : 0)
        var text: [UInt8] = []
        text.append(decimal: Int(microseconds / 1_000))
        text.append(UInt8(ascii: "."))
        text.append(decimal: Int(microseconds % 1_000), width: 3)
        return String(lossy: text)
    }
}

/// Calls as lines: for people, or as JSON for programs.
struct CallPrinter: Sendable {
    let isJSON: Bool
    let console: Console
    /// On a terminal, where calls are followed.
    var table: CallTable?

    func printHead() throws(Failure) {
        if let table { try console.print(table.head) }
    }

    private func line(_ call: CallLine) -> String { table?.row(call) ?? call.text() }

    func print(_ call: Value) throws(Failure) {
        try console.print(isJSON ? call.json() : line(CallLine(call)))
    }

    func print(_ call: CallRecord) throws(Failure) {
        guard isJSON else { return try console.print(line(CallLine(call))) }
        var json: [UInt8] = []
        call.appendJSON(to: &json)
        try console.print(String(lossy: json))
    }
}
