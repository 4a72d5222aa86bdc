import Bytes
import HTTPWire

/// What another server is asked, and how long each part of it may take.
struct AskedRequest {
    var url: HTTPURI
    var method: [UInt8]
    /// Path and query.
    var target: [UInt8]
    var fields: FieldBlock
    /// What `Host` says, where that is not the URL's.
    var host: String?
    /// Of the content, where the request says one.
    var length: Int?
    var body: [UInt8] = []
    /// What follows it.
    var aside: ContentAside?
    var isHead = false
    /// It asks for another protocol, which 101 begins.
    var switches = false
    /// It has a connection for itself, straight to the server: none that was kept is taken, none is kept afterwards,
    /// and no proxy is asked.
    var isAlone = false
    var limits = AskedRequest.endless
    var patience = Patience()

    /// How long the other side is waited for, in nanoseconds.
    struct Patience: Equatable, Sendable {
        /// Until a connection is there.
        var connect: Int64 = 10_000_000_000
        /// From there until TLS is agreed on; nil where that is part of connecting.
        var handshake: Int64?
        /// A side that takes nothing of what is sent to it.
        var send: Int64 = 60_000_000_000
        /// From the request's last byte to the answer's first, and between two pieces of the answer.
        var answer: Int64 = 900_000_000_000
    }

    /// Nil when it would break its own lines. RFC 9112 3.2.2: a proxy is asked for the whole URI.
    func head(through proxy: HTTPURI?) -> [UInt8]? {
        var head: [UInt8] = []
        var fields = fields
        var target = target
        if let proxy, url.scheme == .http {
            target = Array("\(url.scheme.prefix)\(url.authority)".utf8) + target
            if let secret = proxy.credentials { fields.add("Proxy-Authorization", secret) }
        }
        let isWhole = RequestWriter.appendHead(
            method: method, target: target, host: host ?? url.authority, fields: fields, length: length,
            keepsAlive: !isAlone, isSwitching: switches, to: &head)
        return isWhole ? head : nil
    }

    /// Content is handed on and not kept, so it may have any length.
    static let endless: Limits = {
        var limits = Limits()
        limits.body = 1 << 59
        return limits
    }()
}

extension HTTPURI {
    /// What a proxy is shown of whom its URL names: RFC 7617.
    var credentials: String? {
        guard let userinfo, let decoded = PercentEncoding.decode(userinfo.utf8) else { return nil }
        let pair = decoded.contains(UInt8(ascii: ":")) ? decoded : decoded + [UInt8(ascii: ":")]
        return "Basic \(Base64.standard.encode(pair))"
    }
}

/// Whoever takes an answer as it comes.
protocol AnswerTaker: AnyObject {
    /// Why this address is not to be connected to; nil when it may be.
    func objection(to address: String) -> String?
    func connected()
    /// Returns whether more is wanted now; if not, `Asking.goOn` says when.
    func take(_ part: ClientExchange.Part) -> Bool
    func failed(_ failure: ClientExchange.Failure)
    /// The other side speaks the protocol that was asked for: the connection is the taker's, with what came behind the head.
    func switched(_ head: Response, _ transport: consuming Transport, early: [UInt8])
}

extension AnswerTaker {
    func objection(to address: String) -> String? { nil }

    func switched(_ head: Response, _ transport: consuming Transport, early: [UInt8]) {
        var transport = transport
        transport.close()
    }
}

/// One request on its way to an answer.
final class Asking {
    let request: AskedRequest
    /// Held until the answer has ended or nobody wants it: a weak reference costs an allocation for each call.
    private(set) var taker: (any AnswerTaker)?
    var connection: ClientConnection?
    /// As it leaves.
    var head: [UInt8] = []
    /// The addresses that are still to be tried.
    var addresses: [String] = []
    /// A connection that had been used before broke, and another one was tried.
    var isRepeated = false
    private var isOver = false

    init(_ request: AskedRequest, for taker: any AnswerTaker) {
        self.request = request
        self.taker = taker
    }

    /// Whoever takes it has room again.
    func goOn() { connection?.goOn() }

    /// Nobody wants the answer any more.
    func cancel() {
        let connection = connection
        finish()
        connection?.abandon()
    }

    var isWanted: Bool { !isOver }

    func finish() {
        isOver = true
        connection = nil
        taker = nil
    }

    func fail(_ failure: ClientExchange.Failure) {
        let taker = taker
        finish()
        taker?.failed(failure)
    }
}
