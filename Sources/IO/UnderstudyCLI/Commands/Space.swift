import JSON

extension Command {
    static let space = Command(
        name: "space", usage: "space [list] | add NAME… | remove NAME…",
        summary: "lists, makes and drops the spaces of a running server",
        notes: """
            A space has faults, sessions, counters, a clock and a view of the journal of its own. It is also made when it is
            first named: by a path (/_space/NAME/…), a host (NAME.localhost) or the header X-Understudy-Space.
            """,
        options: ServerOptions.all
    ) { (arguments, console) throws(Failure) in
        let (verb, names) = try ServerOptions.verb(arguments, among: ["list", "add", "remove"], unless: "list")
        guard names.isEmpty == (verb == "list") else {
            throw .usage(verb == "list" ? "list takes no words" : "name the spaces to \(verb)")
        }
        let client = try ServerOptions.client(arguments)
        if verb == "list" {
            try listSpaces(client, arguments, console)
            return .good
        }
        for name in names {
            let method: StaticString = verb == "add" ? "PUT" : "DELETE"
            let answer = try client.ask(method, ServerOptions.target(arguments, "spaces", name))
            let line = "\(verb == "add" ? "made" : "dropped") \(CallLine.shown(name))"
            try console.print(arguments.has("--json") ? answer.json() : line)
        }
        return .good
    }

    private static func listSpaces(
        _ client: ServerClient, _ arguments: Arguments, _ console: Console
    ) throws(Failure) {
        let answer = try client.ask("GET", ServerOptions.target(arguments, "spaces"))
        if arguments.has("--json") { return try console.print(answer.json()) }
        let rows = (answer["spaces"]?.array ?? []).map { space in
            [
                CallLine.shown(space["name"]?.text ?? ""), String(space["sessions"]?.integer ?? 0),
                String(space["faults"]?.integer ?? 0), space["now"]?.text ?? "",
            ]
        }
        try console.print(Columns.lines([["NAME", "SESSIONS", "FAULTS", "CLOCK"]] + rows))
    }
}
