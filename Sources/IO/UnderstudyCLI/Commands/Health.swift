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
            let status = try client.status(of: "/_understudy/health")
            // Docker takes 1 for unhealthy, and keeps 2 for itself.
            let isThere = status == 200 || status == 401
            if !isQuiet { try console.print("\(address.authority): \(isThere ? "ok" : "answers \(status)")") }
            return isThere ? .good : .verdictFailed
        } catch .nobodyReads {
            return .good
        } catch {
            if !isQuiet { console.complain("understudy health: \(error.message)") }
            return .verdictFailed
        }
    }
}
