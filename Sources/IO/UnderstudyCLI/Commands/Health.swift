extension Command {
    static let health = Command(
        name: "health", usage: "health [URL]",
        summary: "whether a server answers there: for the health check of an image",
        notes: """
            Without URL, the server on \(ServerAddress.usual). Exit code 0 when an Understudy server answers, 1 when not.
            A server that wants a control token answers too, by asking for it.
            """,
        options: [Option("--quiet", nil, "says nothing")] + ServerOptions.access
    ) { (arguments, console) throws(Failure) in
        guard arguments.words.count <= 1 else { throw .usage("name one server") }
        let address = try ServerAddress(arguments.words.first ?? ServerAddress.usual)
        let client = try ServerOptions.client(address, arguments, patience: .seconds(5))
        let isQuiet = arguments.has("--quiet")
        do throws(Failure) {
            let (status, isOurs) = try client.health()
            // Docker takes 1 for unhealthy, and keeps 2 for itself.
            let isThere = isOurs && (status == 200 || status == 401)
            let said = isThere ? "ok" : "answers \(status)\(isOurs ? "" : ", but not as an Understudy server")"
            return try (isThere ? Exit.good : .verdictFailed).evenUnread { () throws(Failure) in
                if !isQuiet { try console.print("\(address.authority): \(said)") }
            }
        } catch {
            if !isQuiet { console.complain("understudy health: \(error.message)") }
            return .verdictFailed
        }
    }
}
