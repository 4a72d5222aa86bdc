import Glibc
import HTTPWire
import Journal
import Time

extension Command {
    static let journal = Command(
        name: "journal", usage: "journal [FILE|URL] [options]",
        summary: "reads calls: from a journal file or a running server",
        notes: """
            Without FILE or URL, the server on \(ServerAddress.usual). With --follow, each call comes when it has ended,
            until SIGINT.
            """,
        options: [
            Option("--agent", "GLOB", "calls to agents whose id or ARN matches"),
            Option("--session", "GLOB", "calls of these sessions"),
            Option("--user", "GLOB", "calls of these users"),
            Option("--operation", "GLOB", "calls of this operation"),
            Option("--space", "NAME", "calls in this space"),
            Option("--rule", "GLOB", "calls that this rule answered"),
            Option("--fault", "GLOB", "calls that this fault was to strike: its name or its word"),
            Option("--trace", "ID", "calls of this trace: its id, or the header's value"),
            Option("--unmatched", nil, "calls that nothing in the library answers"),
            Option("--status", "CODES", "404, 5xx, 200-299, or a list with commas"),
            Option("--outcome", "WORDS", "completed, client-closed, reset, closed, hung, refused, session-stopped"),
            Option("--since", "WHEN", "an RFC 3339 time, a duration ago (5m), or a call number"),
            Option("--until", "WHEN", "likewise: calls that arrived before, or up to this number"),
            Option("--limit", "N", "the newest N calls"),
            Option("--follow", nil, "goes on as calls arrive"),
            Option("--json", nil, "one JSON object a line"),
        ] + ServerOptions.access
    ) { (arguments, console) throws(Failure) in
        guard arguments.words.count <= 1 else { throw .usage("name one journal") }
        let source = arguments.words.first ?? ServerAddress.usual
        let filters = journalFilters(arguments, now: WallClock.now)
        let query = try journalQuery(filters)
        var printer = CallPrinter(isJSON: arguments.has("--json"), console: console)
        let follows = arguments.has("--follow")
        if follows, !printer.isJSON, let width = CallTable.widthOfTerminal() {
            printer.table = CallTable(width: width, isColoured: getenv("NO_COLOR") == nil)
            try printer.printHead()
        }
        if follows { endOnSignals() }
        guard Scheme(of: source) != nil else {
            try checkFile(source, arguments)
            let journal = try FileJournal(path: source, query: query, printer: printer)
            try follows ? journal.follow() : journal.printAll()
            return .good
        }
        let client = try ServerOptions.client(try ServerAddress(source), arguments)
        let journal = ServerJournal(client: client, filters: filters, printer: printer)
        try follows ? journal.follow() : journal.printAll()
        return .good
    }

    static func journalFilters(_ arguments: Arguments, now: Instant) -> [(String, String)] {
        var filters: [(String, String)] = []
        for name in [
            "agent", "session", "user", "operation", "space", "rule", "fault", "trace", "status", "outcome", "limit",
        ] {
            if let value = arguments.value("--\(name)") { filters.append((name, value)) }
        }
        if arguments.has("--unmatched") { filters.append(("unmatched", "true")) }
        for name in ["since", "until"] {
            guard let when = arguments.value("--\(name)") else { continue }
            filters.append((name, Duration(text: when).map { (now - $0).rfc3339 } ?? when))
        }
        return filters
    }

    private static func journalQuery(_ filters: [(String, String)]) throws(Failure) -> Query {
        do throws(QueryError) {
            return try Query(parameters: filters)
        } catch {
            let hint = error.parameter == "since" || error.parameter == "until" ? ", nor a duration ago like 5m" : ""
            throw .usage("--\(error)\(hint)")
        }
    }

    private static func checkFile(_ source: String, _ arguments: Arguments) throws(Failure) {
        try ServerOptions.refuseAccess(arguments, for: "a file")
        guard FileBytes.exists(source) else {
            let isAuthority = (try? ServerAddress(Scheme.http.prefix + source)) != nil && source.contains(":")
            throw Failure(
                "\(source): there is no such file" + (isAuthority ? "; a server is \(Scheme.http.prefix)\(source)" : "")
            )
        }
    }

    /// Nothing is held that could be lost, and the program may be waiting for a pipe that nobody empties: so at once.
    private static func endOnSignals() {
        for stop in [SIGINT, SIGTERM] { signal(stop) { _ in _exit(0) } }
    }
}
