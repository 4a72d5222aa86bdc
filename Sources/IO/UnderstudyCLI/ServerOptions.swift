import Bytes

/// What every command that steers a running server takes.
enum ServerOptions {
    static let all = [
        Option("--server", "URL", "the server to ask, \(ServerAddress.usual) unless told"),
        Option("--json", nil, "what the server says, as it says it"),
        Option("--control-token", "TOKEN", "what a server that is open to other machines wants to see"),
    ]

    static let space = Option("--space", "NAME", "the space of one test worker, made if it is not there")

    static func client(_ arguments: Arguments) throws(Failure) -> ServerClient {
        let address = try ServerAddress(arguments.value("--server") ?? ServerAddress.usual)
        guard !address.prefix.hasPrefix("/_space/") || !arguments.has("--space") else {
            throw .usage("--server names a space already: leave --space out")
        }
        return ServerClient(address, token: try arguments.token("--control-token"))
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
