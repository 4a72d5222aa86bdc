import Foundation

/// `understudy serve` as a process, ready.
public final class ServingProgram: Sendable {
    public struct Ready: Decodable, Equatable, Sendable {
        public var url: String
        public var tls: String?
        public var pid: Int32
        public var seed: UInt64
        public var version: String
    }

    public struct DidNotStart: Error { public let errors: String }

    public let program: Program
    public let readyLine: String
    public let ready: Ready
    public let port: UInt16

    public convenience init(_ words: String..., errors: Program.Output? = nil) throws {
        try self.init(words: words, errors: errors)
    }

    public init(words: [String], errors: Program.Output? = nil) throws {
        program = try Program(["serve", "--port", "0"] + words, errors: errors)
        guard let line = program.readLine() else { throw DidNotStart(errors: program.end().errors) }
        readyLine = line
        ready = try JSONDecoder().decode(Ready.self, from: Data(line.utf8))
        port = UInt16(ready.url.split(separator: ":").last ?? "") ?? 0
    }

    public func client() throws -> RawClient { try RawClient(port: port) }

    /// One request on a connection of its own.
    public func ask(
        _ method: String = "GET", _ target: String, fields: String = "", body: String = ""
    ) throws -> RawClient.Answer {
        let client = try client()
        let length = body.isEmpty ? "" : "Content-Length: \(body.utf8.count)\r\n"
        client.send(
            "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\(length)\(fields)Connection: close\r\n\r\n\(body)"
        )
        return client.receiveAnswer()
    }

    public func stop(by signal: Int32 = SIGTERM) -> Program.End {
        program.send(signal)
        return program.end()
    }
}
