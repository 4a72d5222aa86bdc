import Bytes
import HTTPWire
import JSON
import Time

/// Asks a running server's control API: one blocking connection a request.
package struct ServerClient: Sendable {
    package let address: ServerAddress
    /// What a server that is open to other machines wants to be shown.
    private let token: String?
    /// A file with the authorities that are trusted besides the system's.
    private let authority: String?
    /// A server that says nothing for so long is not going to. (A stream has a comment every 15 seconds.)
    private let patience: Duration

    package init(
        _ address: ServerAddress, token: String? = nil, authority: String? = nil, patience: Duration = .seconds(60)
    ) {
        self.address = address
        self.token = token
        self.authority = authority
        self.patience = patience
    }

    /// The same, for an answer that may be long in coming.
    package func waiting(_ patience: Duration) -> ServerClient {
        ServerClient(address, token: token, authority: authority, patience: patience)
    }

    package func post(_ target: String, _ body: Value) throws(Failure) -> Value { try ask("POST", target, body) }

    /// One request, answered with JSON.
    package func ask(_ method: StaticString, _ target: String, _ body: Value? = nil) throws(Failure) -> Value {
        var answer: [UInt8] = []
        try check(try exchange(method, target, body?.compact ?? []) { (piece) throws(Failure) in answer += piece })
        guard let value = try? Value.parse(answer) else { throw strange("no JSON came") }
        return value
    }

    /// The status of its health, and whether it is one of ours that tells it: any server answers something.
    package func health() throws(Failure) -> (status: Int, isOurs: Bool) {
        var answer: [UInt8] = []
        let (status, refusal) = try exchange("GET", "/_understudy/health", []) { (piece) throws(Failure) in
            answer += piece
        }
        let told = try? Value.parse(status < 400 ? answer : refusal)
        return (status, told?[status < 400 ? "inFlight" : "error"] != nil)
    }

    /// Posts JSON as it was written, and tells what came back whatever the status.
    package func answer(to target: String, posting body: [UInt8]) throws(Failure) -> (status: Int, body: Value) {
        var answer: [UInt8] = []
        let (status, refusal) = try exchange("POST", target, body) { (piece) throws(Failure) in answer += piece }
        if status == 401 { try check((status, refusal)) }
        guard let value = try? Value.parse(status < 400 ? answer : refusal) else { throw strange("no JSON came") }
        return (status, value)
    }

    /// Hands over the content of the answer as it comes.
    package func get(_ target: String, _ take: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
        try check(try exchange("GET", target, [], take))
    }

    /// A stream that has no end of its own: it goes on until the server stops.
    package func stream(_ target: String, _ take: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
        try check(try exchange("GET", target, [], endsWithServer: true, take))
    }

    /// The status, and what was said with one that refuses.
    private func exchange(
        _ method: StaticString, _ target: String, _ body: [UInt8], endsWithServer: Bool = false,
        _ take: ([UInt8]) throws(Failure) -> Void
    ) throws(Failure) -> (status: Int, refusal: [UInt8]) {
        let connection = try ServerConnection(to: address, trusting: authority, patience: patience)
        try connection.send(try request(method, target, body))
        var limits = Limits()
        limits.body = 1 << 50
        var parser = ResponseParser(limits: limits)
        var (held, refusal): ([UInt8], [UInt8]) = ([], [])
        while true {
            let bytes = try connection.receive()
            if bytes.isEmpty, endsWithServer, parser.head?.status == 200 { return (200, []) }
            let event =
                bytes.isEmpty ? parser.readEnd(held: &held) : parser.read(bytes.span, from: 0, held: &held).event
            let (status, content) = try read(event, parser, &held)
            if status < 400 { try take(content) } else { refusal += content }
            guard case .needsMore = event else { return (status, refusal) }
        }
    }

    /// The status, once it has come, and the content that came with this event.
    private func read(
        _ event: ResponseParser.Event, _ parser: borrowing ResponseParser, _ held: inout [UInt8]
    ) throws(Failure) -> (status: Int, content: [UInt8]) {
        switch event {
        case .needsMore:
            // Before the body begins, what is held is part of the head.
            guard let head = parser.head else { return (0, []) }
            var content: [UInt8] = []
            swap(&content, &held)
            return (head.status, content)
        case .response(let response): return (response.status, response.body)
        case .refused(let refusal): throw strange(refusal.message)
        }
    }

    private func check(_ answer: (status: Int, refusal: [UInt8])) throws(Failure) {
        let (status, refusal) = answer
        guard status >= 400 else { return }
        let why = (try? Value.parse(refusal))?["error"]?.text ?? String(lossy: refusal.prefix(200))
        let hint = status == 401 ? " (--control-token shows it)" : ""
        throw Failure("the server on \(address.authority) answers \(status): \(why)\(hint)")
    }

    private func request(_ method: StaticString, _ target: String, _ body: [UInt8]) throws(Failure) -> [UInt8] {
        var fields = FieldBlock()
        if !body.isEmpty { fields.add("Content-Type", "application/json") }
        if let token { fields.add("Authorization", "Bearer \(token)") }
        var bytes: [UInt8] = []
        let isWhole = RequestWriter.append(
            method: method, target: Array((address.prefix + target).utf8), host: address.authority, fields: fields,
            body: body, to: &bytes)
        guard isWhole else { throw Failure("\(address.authority)\(address.prefix) cannot stand in a request") }
        return bytes
    }

    private func strange(_ why: String) -> Failure {
        Failure("\(address.authority) does not answer as an Understudy server does: \(why)")
    }
}
