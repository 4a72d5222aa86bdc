import Bytes
import Glibc
import HTTPWire
import JSON
import Time

/// Asks a running server's control API: one blocking connection a request.
package struct ServerClient: Sendable {
    package let address: ServerAddress
    /// What a server that is open to other machines wants to be shown.
    private let token: String?
    /// A server that says nothing for so long is not going to. (A stream has a comment every 15 seconds.)
    private let patience: Duration

    package init(_ address: ServerAddress, token: String? = nil, patience: Duration = .seconds(60)) {
        self.address = address
        self.token = token
        self.patience = patience
    }

    /// The same, for an answer that may be long in coming.
    func waiting(_ patience: Duration) -> ServerClient { ServerClient(address, token: token, patience: patience) }

    package func post(_ target: String, _ body: Value) throws(Failure) -> Value { try ask("POST", target, body) }

    /// One request, answered with JSON.
    package func ask(_ method: StaticString, _ target: String, _ body: Value? = nil) throws(Failure) -> Value {
        var answer: [UInt8] = []
        try check(try exchange(method, target, body?.compact ?? []) { (piece) throws(Failure) in answer += piece })
        guard let value = try? Value.parse(answer) else { throw strange("no JSON came") }
        return value
    }

    /// What a GET is answered with, whatever that is.
    package func status(of target: String) throws(Failure) -> Int { try exchange("GET", target, []) { _ in }.status }

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
        let socket = try connected()
        defer { close(socket) }
        try send(try request(method, target, body), on: socket)
        var limits = Limits()
        limits.body = 1 << 50
        var parser = ResponseParser(limits: limits)
        var (held, refusal): ([UInt8], [UInt8]) = ([], [])
        while true {
            let bytes = try receive(from: socket)
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

    private func send(_ bytes: [UInt8], on socket: Int32) throws(Failure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw broken(errno) }
            rest = rest.dropFirst(count)
        }
    }

    /// Empty at the end.
    private func receive(from socket: Int32) throws(Failure) -> [UInt8] {
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(socket, &piece, piece.count, 0)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw broken(errno) }
            return Array(piece[..<count])
        }
    }

    private func broken(_ error: Int32) -> Failure {
        guard error != EAGAIN else { return Failure("\(address.authority) says nothing for \(patience.text)") }
        return Failure("the connection to \(address.authority) broke: \(String(cString: strerror(error)))")
    }

    private func strange(_ why: String) -> Failure {
        Failure("\(address.authority) does not answer as an Understudy server does: \(why)")
    }

    private func connected() throws(Failure) -> Int32 {
        switch WaitingSocket.connect(to: address.host, port: address.port, patience: patience) {
        case .connected(let socket): return socket
        case .noAddress(let reason): throw Failure("there is no host \(reason)")
        case .nobody: throw Failure("no server answers on \(address.authority) (understudy serve starts one)")
        }
    }
}
