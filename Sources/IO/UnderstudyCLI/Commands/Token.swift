import Access
import Bytes
import CShims
import JSON
import Library
import SplitMix

extension Command {
    static let token = Command(
        name: "token", usage: "token [LIBRARY…] [options]",
        summary: "prints a JWT that the library's issuer signed",
        notes: """
            The token is what the agent asks for: its issuer, and a client, audience and scope that it allows. Without
            LIBRARY the built-in one is meant; with --server the running server signs.
            """,
        options: [
            Option("--agent", "AGENT", "the agent to call: its id or ARN"),
            Option("--expires-in", "DURATION", "how long it lasts, 60m unless told"),
            Option("--claim", "NAME=VALUE", "another claim; a VALUE that is JSON keeps its type", repeats: true),
            Option("--client-id", "ID", "the client it was issued to"),
            Option("--user", "NAME", "whom it speaks for"),
            Option("--id-token", nil, "an ID token instead of an access token"),
            Option("--server", "URL", "ask this server instead of reading a library"),
        ] + ServerOptions.access
    ) { (arguments, console) throws(Failure) in
        let body = try tokenRequest(arguments)
        guard let server = arguments.value("--server") else {
            for option in ServerOptions.access.map(\.name) where arguments.has(option) {
                throw .usage("\(option) is for --server")
            }
            let scenario = try Libraries.merged(arguments.words)
            try console.print(try token(body, from: scenario))
            warn(TokenRequests(scenario).doubt(about: body, base: ServerAddress.usual), console)
            return .good
        }
        guard arguments.words.isEmpty else { throw .usage("--server signs with its own library: name no other") }
        let client = try ServerOptions.client(try ServerAddress(server), arguments)
        let answer = try client.post("/_understudy/tokens", body)
        guard let token = answer["token"]?.text else { throw Failure("the server sent no token") }
        try console.print(token)
        warn(answer["warning"]?.text, console)
        return .good
    }

    private static func warn(_ doubt: String?, _ console: Console) {
        if let doubt { console.complain("understudy token: warning: \(doubt)") }
    }

    private static func token(_ body: Value, from scenario: Scenario) throws(Failure) -> String {
        var chance = Chance(seed: shim_random())
        do throws(TokenMistake) {
            return try TokenRequests(scenario).token(
                for: body, base: ServerAddress.usual, now: WallClock.now, chance: &chance)
        } catch {
            throw Failure(error.message)
        }
    }

    /// The options as the control API's `POST /_understudy/tokens` takes them.
    static func tokenRequest(_ arguments: Arguments) throws(Failure) -> Value {
        var members: [Value.Member] = []
        for (option, member) in [
            ("--agent", "agent"), ("--expires-in", "expiresIn"), ("--client-id", "clientId"), ("--user", "user"),
        ] {
            if let value = arguments.value(option) { members.append(.init(member, .string(value))) }
        }
        if arguments.has("--id-token") { members.append(.init("idToken", .bool(true))) }
        var claims: [Value.Member] = []
        for claim in arguments.all("--claim") {
            let parts = claim.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty else { throw .usage("--claim takes NAME=VALUE, not “\(claim)”") }
            guard !claims.contains(where: { $0.name == parts[0] }) else {
                throw .usage("--claim \(parts[0]) is given twice")
            }
            claims.append(.init(parts[0], (try? Value.parse(parts[1])) ?? .string(parts[1])))
        }
        if !claims.isEmpty { members.append(.init("claims", .object(claims))) }
        return .object(members)
    }
}
