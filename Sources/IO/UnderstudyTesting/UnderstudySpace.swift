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

    /// To a moment, written as in RFC 3339: `2031-02-03T04:05:06Z`.
    public func setClock(to moment: String) throws(UnderstudyFailure) {
        _ = try ask("PUT", "clock", ["set": .string(moment)])
    }

    /// What is waited for, by answers, faults and cold starts, passes so many times as fast.
    public func speed(_ speed: UnderstudySpeed) throws(UnderstudyFailure) {
        _ = try ask("PUT", "clock", ["speed": speed.value])
    }

    /// Says that a caller wanted to call and did not: silence that is explained. Written as for `POST marks`.
    public func mark(_ mark: String = "{}") throws(UnderstudyFailure) { _ = try ask("POST", "marks", Self.read(mark)) }

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

    /// Waits until so many calls that match are there, and no more than `inFlight` of them are still being answered.
    /// Throws when that does not come to be.
    public func wait(
        _ count: Int = 1, inFlight: Int? = 0, within patience: Duration = .seconds(10),
        matching query: [String: String] = [:]
    ) throws(UnderstudyFailure) {
        let match = query.sorted { $0.key < $1.key }.map { Value.Member($0.key, .string($0.value)) }
        let body: [Value.Member] =
            [.init("match", .object(match)), .init("atLeast", Value(count)), .init("within", .string(patience.text))]
            + (inFlight.map { [.init("inFlight", Value($0))] } ?? [])
        _ = try ask("POST", "await", .object(body), patience: patience + .seconds(60))
    }

    func ask(
        _ method: StaticString, _ path: String, _ body: Value? = nil, patience: Duration = .seconds(60)
    ) throws(UnderstudyFailure) -> Value {
        try Self.client(url).asked(method, "/_understudy/\(path)", body, patience: patience)
    }

    private static func client(_ url: String) throws(UnderstudyFailure) -> ServerClient {
        do throws(Failure) {
            return ServerClient(try ServerAddress(url))
        } catch {
            throw UnderstudyFailure(error)
        }
    }

    static func read(_ text: String) throws(UnderstudyFailure) -> Value {
        do throws(SyntaxError) {
            return try Value.parse(Array(text.utf8))
        } catch {
            throw UnderstudyFailure("what is written is no JSON: \(error.message) (at byte \(error.offset))")
        }
    }
}

extension ServerClient {
    fileprivate func asked(
        _ method: StaticString, _ target: String, _ body: Value?, patience: Duration = .seconds(60)
    ) throws(UnderstudyFailure) -> Value {
        do throws(Failure) {
            return try waiting(patience).ask(method, target, body)
        } catch {
            throw UnderstudyFailure(error)
        }
    }
}

/// How fast what is waited for passes: `2`, `0.5`, or `.max`, with which waiting takes no time.
public struct UnderstudySpeed: Sendable, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
    public static let max = UnderstudySpeed(value: "max")
    let value: Value

    private init(value: Value) { self.value = value }
    public init(_ times: Double) { value = .number("\(times)") }
    public init(integerLiteral times: Int) { value = Value(times) }
    public init(floatLiteral times: Double) { self.init(times) }
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
