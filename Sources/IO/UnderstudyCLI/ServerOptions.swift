import Bytes

/// What every command that steers a running server takes.
enum ServerOptions {
    static let all =
        [
            Option("--server", "URL", "the server to ask, \(ServerAddress.usual) unless told"),
            Option("--json", nil, "what the server says, as it says it"),
        ] + access

    /// How a server is reached that does not let everybody in, or speaks TLS.
    static let access = [
        Option("--control-token", "TOKEN", "what a server that is open to other machines wants to see"),
        Option("--ca", "FILE", "the authority to trust at https://…, this machine's own (understudy ca) unless told"),
    ]

    static let space = Option("--space", "NAME", "the space of one test worker, made if it is not there")

    static func client(_ arguments: Arguments) throws(Failure) -> ServerClient {
        let address = try ServerAddress(arguments.value("--server") ?? ServerAddress.usual)
        guard !address.prefix.hasPrefix("/_space/") || !arguments.has("--space") else {
            throw .usage("--server names a space already: leave --space out")
        }
        return try client(address, arguments)
    }

    static func client(
        _ address: ServerAddress, _ arguments: Arguments, patience: Duration = .seconds(60)
    ) throws(Failure) -> ServerClient {
        guard address.scheme == .https || !arguments.has("--ca") else {
            throw .usage("--ca is for a server that is asked over TLS, at https://…")
        }
        let own = DataFolder.path.map { $0 + "/ca.pem" }.flatMap { FileBytes.exists($0) ? $0 : nil }
        return ServerClient(
            address, token: try arguments.token("--control-token"), authority: arguments.value("--ca") ?? own,
            patience: patience)
    }

    /// For whoever reads a file instead.
    static func refuseAccess(_ arguments: Arguments, for file: String) throws(Failure) {
        for option in access.map(\.name) where arguments.has(option) {
            throw .usage("\(option) is for a server, not for \(file)")
        }
    }

    /// A path of the control API, in the space that is meant. Each segment may be any text.
    static func target(_ arguments: Arguments, _ segments: String...) -> String {
        let space = arguments.value("--space").map { ["_space", $0] } ?? []
        return (space + ["_understudy"] + segments).map { "/" + PercentEncoding.encode($0.utf8) }.joined()
    }

    /// The first word, among these, and the words behind it.
    static func verb(
        _ arguments: Arguments, among verbs: [String], unless usual: String? = nil
    ) throws(Failure) -> (verb: String, rest: [String]) {
        guard let word = arguments.words.first ?? usual else { throw .usage("say \(listed(verbs))") }
        guard verbs.contains(word) else {
            throw .usage("“\(word)” is none of \(listed(verbs))\(Spelling.hint(for: word, among: verbs))")
        }
        return (word, Array(arguments.words.dropFirst()))
    }

    private static func listed(_ verbs: [String]) -> String {
        verbs.dropLast().joined(separator: ", ") + " or " + (verbs.last ?? "")
    }
}
