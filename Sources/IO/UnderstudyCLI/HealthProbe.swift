import Glibc
import HTTPWire
import Pointing
import TLS
import Time

/// Finds out what answers at a place on this machine, by asking for the health of a server.
struct HealthProbe {
    private let trust: ClientSecurity?

    /// `authority` is the file of the local one.
    init(authority: String?) {
        do throws(ClientSecurity.Refusal) { trust = try ClientSecurity(authorities: authority) } catch { trust = nil }
    }

    func ask(_ origin: String) -> Surroundings.Answerer {
        guard let place = HTTPURI(origin), let socket = Self.connected(place) else { return .nobody }
        defer { close(socket) }
        let request = Array(
            "GET /_understudy/health HTTP/1.1\r\nHost: \(place.authority)\r\nConnection: close\r\n\r\n".utf8)
        let answer: [UInt8]
        if place.scheme == .https {
            guard let channel = trust?.channel(socket, to: place.host) else { return .other }
            answer = Self.exchange(request, send: channel.send, receive: channel.receive)
            channel.finish()
        } else {
            answer = Self.exchange(
                request, send: { .moved(max(0, Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)))) },
                receive: {
                    let count = recv(socket, $0.baseAddress, $0.count, 0)
                    return count > 0 ? .moved(count) : .ended
                })
        }
        return Self.judge(answer)
    }

    /// The head of the answer, and what came with it.
    private static func exchange(
        _ request: [UInt8], send: (UnsafeRawBufferPointer) -> SecureChannel.Outcome,
        receive: (UnsafeMutableBufferPointer<UInt8>) -> SecureChannel.Outcome
    ) -> [UInt8] {
        guard request.withUnsafeBytes({ send($0) }) == .moved(request.count) else { return [] }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 8_192)
        while answer.count < 65_536 {
            let outcome = buffer.withUnsafeMutableBufferPointer { receive($0) }
            guard case .moved(let count) = outcome, count > 0 else { break }
            answer += buffer[..<count]
        }
        return answer
    }

    private static func judge(_ answer: [UInt8]) -> Surroundings.Answerer {
        var (parser, held): (ResponseParser, [UInt8]) = (ResponseParser(limits: Limits()), [])
        let event = parser.read(answer.span, from: 0, held: &held).event
        var head = parser.head
        if case .response(let response) = event { head = response }
        // The port for TLS is ours too, but to whoever comes in plain it only says that it was wrong to.
        guard let head, head.status != 400, head.text(of: "server")?.hasPrefix("understudy/") == true
        else { return .other }
        let date = head.text(of: "date").flatMap { Instant(httpDate: $0.utf8) }
        return .understudy(date: date.map { Int($0.seconds) })
    }

    /// Two seconds are long on one machine.
    private static func connected(_ place: HTTPURI) -> Int32? {
        guard
            case .connected(let socket) = WaitingSocket.connect(
                to: place.host, port: place.port, patience: .seconds(2))
        else { return nil }
        return socket
    }
}
