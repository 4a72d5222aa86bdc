import Glibc
import Support
import TLS
import Testing

@testable import Server

/// A client that speaks TLS over a raw one's socket. Blocking, as that is.
final class SecureClient {
    private let raw: RawClient
    private let channel: SecureChannel
    private var held: [UInt8] = []

    init(_ raw: RawClient, _ trust: ClientSecurity, to host: String) throws {
        self.raw = raw
        channel = try #require(trust.channel(raw.descriptor, to: host))
    }

    func shakeHands() -> SecureChannel.Outcome { channel.shakeHands() }
    var isResumed: Bool { channel.isResumed }

    @discardableResult func send(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBytes { channel.send($0) } == .moved(bytes.count)
    }

    /// The bytes up to and including `mark`, or all until the end.
    func receive(through mark: String) -> String {
        let bytes = Array(mark.utf8)
        while held.firstRange(of: bytes) == nil, receiveOnce() {}
        let end = held.firstRange(of: bytes)?.upperBound ?? held.count
        defer { held.removeFirst(end) }
        return String(decoding: held[..<end], as: UTF8.self)
    }

    func receiveAnswer() -> RawClient.Answer {
        var answer = RawClient.Answer(head: receive(through: "\r\n\r\n"))
        let length = answer.field("Content-Length").flatMap { Int($0) } ?? 0
        while held.count < length, receiveOnce() {}
        answer.pieces = [String(decoding: held.prefix(length), as: UTF8.self)]
        held.removeFirst(min(length, held.count))
        return answer
    }

    private func receiveOnce() -> Bool {
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 20_000)
        defer { buffer.deallocate() }
        guard case .moved(let count) = channel.receive(into: buffer) else { return false }
        held += buffer[..<count]
        return true
    }

    func close() {
        channel.finish()
        raw.close()
    }
}

/// A server with a port for TLS, in a folder with an authority of its own.
struct SecuredServer {
    let folder: TemporaryFolder
    let server: TestServer
    let trust: ClientSecurity

    init(_ change: (inout ServingSettings) -> Void = { _ in }) throws {
        folder = try TemporaryFolder()
        var settings = TestServer.patient
        settings.tlsPort = 0
        settings.authorityFolder = folder.path
        change(&settings)
        server = try TestServer.emulating(settings: settings)
        trust = try ClientSecurity(authorities: folder.path("ca.pem"))
    }

    var port: UInt16 { server.server.tlsPort ?? 0 }

    func client(to host: String = "localhost") throws -> SecureClient {
        try SecureClient(try RawClient(port: port), trust, to: host)
    }
}
