import Bytes
import Support
import Testing

@testable import HTTPWire

@Suite("Target") struct TargetTests {
    private func parsed(_ target: String) -> Request? {
        RequestEvents(Array("OPTIONS \(target) HTTP/1.1\r\nHost: a\r\n\r\n".utf8)).requests.first
    }

    @Test("the first parameter of a name wins, whatever is encoded of it")
    func lookup() throws {
        let request = try #require(parsed("/?b=0&%61=%C3%A9+1&a=2&c=%zz&d=%FF&e&A=3&%zz=4"))
        #expect(request.parameter("a") == "é+1")
        #expect(request.parameter("A") == "3")
        #expect(request.parameter("b") == "0")
        #expect(request.parameter("c") == nil)
        #expect(request.placeOfParameter("c") != nil)
        #expect(request.parameter("d") == nil)
        #expect(request.parameter("e") == "")
        #expect(request.parameter("f") == nil)
        #expect(request.parameter("%zz") == "4")
        #expect(parsed("/")?.parameter("a") == nil)
    }
}
