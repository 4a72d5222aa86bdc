import Verdicts

extension Command {
    static let verify = Command(
        name: "verify",
        usage: "verify EXPECTATIONS.json [--server URL [--space NAME]|--journal FILE [--run N]] [options]",
        summary: "judges calls: whether the clients behaved as expected",
        notes: """
            Without --server and --journal, the server on \(ServerAddress.usual) is asked. Exit codes: 0 every verdict is
            pass, 1 one is fail, 3 one is inconclusive and none is fail, 2 the expectations are wrong.

              understudy verify fixtures/expectations/restaurant.json
              understudy verify breaker.json --journal calls.sqlite --junit verdicts.xml
            """,
        options: [
            Option("--server", "URL", "the server to ask, \(ServerAddress.usual) unless told"),
            Option("--space", "NAME", "only the calls of this space"),
            Option("--journal", "FILE", "the calls of a journal file instead"),
            Option("--run", "N", "of this run of a server; the last one unless told"),
            Option("--junit", "FILE", "writes the verdicts as JUnit XML too"),
            Option("--json", nil, "the verdicts as JSON"),
        ] + ServerOptions.access
    ) { (arguments, console) throws(Failure) in
        guard let path = arguments.words.first, arguments.words.count == 1 else {
            throw .usage("name one file of expectations")
        }
        let bytes = try FileBytes.read(path, most: 16 << 20)
        let findings = try callSource(arguments).findings(bytes, path, ProgressLine(console))
        if let file = arguments.value("--junit") {
            try FileBytes.write(Array(findings.junit(suite: path).utf8), to: file)
        }
        let exit = Exit(rawValue: findings.exitCode) ?? .badInput
        return try exit.evenUnread { () throws(Failure) in
            if arguments.has("--json") { return try console.print(findings.json.json()) }
            let text = findings.text(width: console.width, colour: console.isColoured)
            try console.print(String(text.dropLast()))
        }
    }

    private static func callSource(_ arguments: Arguments) throws(Failure) -> CallSource {
        guard let file = arguments.value("--journal") else {
            guard !arguments.has("--run") else { throw .usage("--run goes with --journal") }
            let client = try ServerOptions.client(arguments)
            return .server(client) { ServerOptions.target(arguments, $0) }
        }
        try ServerOptions.refuseAccess(arguments, for: "a journal file")
        for option in ["--server", "--space"] where arguments.has(option) {
            throw .usage("\(option) is for a server, not for a journal file")
        }
        return try .journal(file, run: try arguments.integer("--run", in: 1...Int.max))
    }
}
