import EventLoop
import HTTPWire
import Support
import Testing

@testable import Server

@Suite("Asking other servers") struct HTTPClientTests {
    /// Takes note of what it is told, and objects to every address or to none.
    private final class Taker: AnswerTaker {
        private let reason: String?
        private(set) var addresses: [String] = []
        private(set) var failures: [ClientExchange.Failure] = []

        init(objecting reason: String?) { self.reason = reason }

        func objection(to address: String) -> String? {
            addresses.append(address)
            return reason
        }

        func connected() {}
        func take(_ part: ClientExchange.Part) -> Bool { true }
        func failed(_ failure: ClientExchange.Failure) { failures.append(failure) }
    }

    private static func request(_ url: String) throws -> AskedRequest {
        AskedRequest(
            url: try #require(HTTPURI(url)), method: Array("GET".utf8), target: [UInt8(ascii: "/")],
            fields: FieldBlock(), length: nil)
    }

    @Test("an address that is objected to is not connected to, nor is the next one")
    func objection() throws {
        let taker = Taker(objecting: "it is somebody else's")
        let asking = HTTPClient(loop: try Loop()).ask(try Self.request("http://localhost:9/"), for: taker)
        #expect(taker.addresses == ["127.0.0.1"] && !asking.isWanted)
        #expect(taker.failures == [.init(.unreachable, "it is somebody else's")])
        #expect(asking.connection == nil)
    }

    @Test("a request that has its connection for itself says so, and any other does not")
    func alone() throws {
        var request = try Self.request("http://a/")
        #expect(request.head(through: nil) == Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        request.isAlone = true
        #expect(request.head(through: nil) == Array("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".utf8))
    }
}
