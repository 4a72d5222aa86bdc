import Bytes
import HTTPWire
import Testing

@Suite("Response") struct ResponseTests {
    @Test("a field is found by its name in lower case, the first of several")
    func lookup() {
        let head = "HTTP/1.1 200 OK\r\nA: 1\r\na: 2\r\n"
        let places = [FieldRange(name: 17..<18, value: 20..<21), FieldRange(name: 23..<24, value: 26..<27)]
        let response = Response(
            status: 200, minorVersion: 1, head: Array(head.utf8), fields: places, keepsAlive: true)
        #expect(response.text(of: "a") == "1")
        #expect(response.text(of: "b") == nil)
    }
}
