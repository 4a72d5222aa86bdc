import JSON
import Time

extension Command {
    static let clock = Command(
        name: "clock", usage: "clock [show] | advance DURATION | set TIME | freeze | unfreeze",
        summary: "shows and moves the clock of a running server",
        notes: """
            The server's clock decides about tokens, signatures, sessions and fault windows; delays stay in real time.

              understudy clock advance 59m
              understudy clock set 2026-01-15T12:00:00Z
            """,
        options: [ServerOptions.space] + ServerOptions.all
    ) { (arguments, console) throws(Failure) in
        let (verb, words) = try ServerOptions.verb(
            arguments, among: ["show", "advance", "set", "freeze", "unfreeze"], unless: "show")
        let change = try clockChange(verb, words)
        let client = try ServerOptions.client(arguments)
        let answer = try client.ask(change == nil ? "GET" : "PUT", ServerOptions.target(arguments, "clock"), change)
        try console.print(arguments.has("--json") ? answer.json() : clockLine(answer))
        return .good
    }

    /// The body of `PUT /_understudy/clock`; nil when nothing changes.
    private static func clockChange(_ verb: String, _ words: [String]) throws(Failure) -> Value? {
        switch verb {
        case "advance", "set":
            guard let value = words.first, words.count == 1 else {
                throw .usage(verb == "set" ? "set takes a time: 2026-01-15T12:00:00Z" : "advance takes a duration: 59m")
            }
            return .object([.init(verb, .string(value))])
        default:
            guard words.isEmpty else { throw .usage("\(verb) takes no words") }
            return verb == "show" ? nil : ["freeze": .bool(verb == "freeze")]
        }
    }

    /// The time, and how it stands to the time of the machine that the server is on.
    private static func clockLine(_ answer: Value) -> String {
        let now = answer["now"]?.text ?? ""
        var notes: [String] = []
        if let clock = Instant(rfc3339: now.utf8),
            let real = answer["real"]?.text.flatMap({ Instant(rfc3339: $0.utf8) })
        {
            let shift = (clock - real).nanoseconds
            let seconds = (shift.magnitude + 500_000_000) / 1_000_000_000
            if seconds > 0 { notes.append("\(Duration.seconds(seconds).spoken) \(shift > 0 ? "ahead" : "behind")") }
        }
        if answer["frozen"]?.bool == true { notes.append("frozen") }
        return now + (notes.isEmpty ? "" : "  " + notes.joined(separator: ", "))
    }
}
