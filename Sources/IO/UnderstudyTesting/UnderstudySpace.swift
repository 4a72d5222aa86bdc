import Bytes
import JSON
import Time
import UnderstudyCLI

/// An isolated part of a server, for one test: sessions, faults, counts and a clock of its own.
public struct UnderstudySpace: Sendable {
    public let name: String
    /// What the program under test is given for the service's endpoint.
    public let url: String

    /// Runs as long as one of its spaces is held.
    private let server: UnderstudyServer

    init(name: String, of server: UnderstudyServer) {
        (self.name, self.server) = (name, server)
        url = "\(server.url)/_space/\(PercentEncoding.encode(name.utf8))"
    }

    // MARK: Steering

    /// Arms one fault, written as in a scenario file: `{"fault": "error", "error": "ThrottlingException"}`. Returns its name.
    @discardableResult
    public func fault(_ fault: String) throws(UnderstudyFailure) -> String {
        try ask("POST", "faults", Self.read(fault))["name"]?.text ?? ""
    }

    public func disarm(_ name: String) throws(UnderstudyFailure) {
        _ = try ask("DELETE", "faults/\(PercentEncoding.encode(name.utf8))")
    }

    /// Time that passes for tokens, sessions, windows and verdicts, without anybody waiting for it.
    public func advance(by duration: Duration) throws(UnderstudyFailure) {
        _ = try ask("PUT", "clock", ["advance": .string(duration.text)])
    }

    public func freeze(_ isFrozen: Bool = true) throws(UnderstudyFailure) {
        _ = try ask("PUT", "clock", ["freeze": .bool(isFrozen)])
    }

    /// A bearer token of the server's issuer.
    public func token(expiresIn duration: Duration? = nil) throws(UnderstudyFailure) -> String {
        let members: [Value.Member] = duration.map { [.init("expiresIn", .string($0.text))] } ?? []
        return try ask("POST", "tokens", .object(members))["token"]?.text ?? ""
    }

    /// Ends its sessions, faults and clock. Its calls stay in the journal.
    public func remove() throws(UnderstudyFailure) {
        _ = try Self.client(server.url).asked("DELETE", "/_understudy/spaces/\(PercentEncoding.encode(name.utf8))", nil)
    }

    // MARK: Asking

    /// The calls that were made here and match the query of `GET calls`, in their order.
    public func calls(_ query: [String: String] = [:]) throws(UnderstudyFailure) -> [UnderstudyCall] {
        let parameters = query.sorted { $0.key < $1.key }.map { name, value in
            "\(PercentEncoding.encode(name.utf8))=\(PercentEncoding.encode(value.utf8))"
        }
        let asked = parameters.isEmpty ? "calls" : "calls?" + parameters.joined(separator: "&")
        return (try ask("GET", asked)["calls"]?.array ?? []).map(UnderstudyCall.init)
    }

    /// What the judges say of expectations, written as a list: `[{"calls": {"count": 2}}]`.
    public func verify(_ expectations: String) throws(UnderstudyFailure) -> UnderstudyVerdict {
        UnderstudyVerdict(try ask("POST", "verify", .object([.init("expect", try Self.read(expectations))])))
    }

    private func ask(_ method: StaticString, _ path: String, _ body: Value? = nil) throws(UnderstudyFailure) -> Value {
        try Self.client(url).asked(method, "/_understudy/\(path)", body)
    }

    private static func client(_ url: String) throws(UnderstudyFailure) -> ServerClient {
        do throws(Failure) {
            return ServerClient(try ServerAddress(url))
        } catch {
            throw UnderstudyFailure(error)
        }
    }

    private static func read(_ text: String) throws(UnderstudyFailure) -> Value {
        do throws(SyntaxError) {
            return try Value.parse(Array(text.utf8))
        } catch {
            throw UnderstudyFailure("what is written is no JSON: \(error.message) (at byte \(error.offset))")
        }
    }
}

extension ServerClient {
    fileprivate func asked(_ method: StaticString, _ target: String, _ body: Value?) throws(UnderstudyFailure) -> Value
    {
        do throws(Failure) {
            return try ask(method, target, body)
        } catch {
            throw UnderstudyFailure(error)
        }
    }
}

/// One call, as the journal tells it.
public struct UnderstudyCall: Sendable, Equatable {
    public let number: Int
    public let agent: String?
    public let operation: String?
    public let session: String?
    public let rule: String?
    public let status: Int?
    /// `completed`, `client-closed`, `reset`, `closed`, `hung`, `refused`; nil while it is being answered.
    public let outcome: String?
    /// The names of the faults that struck.
    public let faults: [String]
    /// All of it, as `GET calls/{number}` tells it.
    public let json: String

    init(_ call: Value) {
        number = call["number"]?.integer ?? 0
        (agent, operation, session) = (call["agent"]?.text, call["operation"]?.text, call["session"]?.text)
        (rule, status, outcome) = (call["rule"]?.text, call["status"]?.integer, call["outcome"]?.text)
        faults = (call["faults"]?.array ?? []).filter { $0["applied"]?.bool == true }.compactMap { $0["name"]?.text }
        json = call.json()
    }
}

/// What the judges found.
public struct UnderstudyVerdict: Sendable, Equatable, CustomStringConvertible {
    public enum Ruling: String, Sendable {
        case pass, fail, inconclusive
    }

    public let ruling: Ruling
    /// A sentence for each expectation and caller.
    public let reasons: [String]
    /// All of it, as `POST verify` tells it.
    public let json: String

    public var isPass: Bool { ruling == .pass }
    public var description: String { "\(ruling.rawValue): " + reasons.joined(separator: "; ") }

    init(_ answer: Value) {
        ruling = answer["verdict"]?.text.flatMap(Ruling.init) ?? .inconclusive
        reasons = (answer["results"]?.array ?? []).map { result in
            "\(result["name"]?.text ?? "") \(result["verdict"]?.text ?? ""): \(result["because"]?.text ?? "")"
        }
        json = answer.json()
    }
}
