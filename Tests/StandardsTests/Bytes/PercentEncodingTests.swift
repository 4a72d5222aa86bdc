import Bytes
import Testing

@Suite("Percent-encoding") struct PercentEncodingTests {
    @Test("everything but the unreserved characters is escaped in upper case")
    func encode() {
        #expect(PercentEncoding.encode("a-Z_0.9~ /%ü:".utf8) == "a-Z_0.9~%20%2F%25%C3%BC%3A")
    }

    @Test("escapes are read in either case, a plus only as a form's space")
    func decode() {
        #expect(PercentEncoding.decode("%2f%2F+".utf8) == Array("//+".utf8))
        #expect(PercentEncoding.decode("a+b".utf8, plusIsSpace: true) == Array("a b".utf8))
    }

    @Test("an incomplete or illegal escape is refused", arguments: ["%", "%2", "%zz", "a%2", "%%20", "%-1"])
    func refused(text: String) {
        #expect(PercentEncoding.decode(text.utf8) == nil)
    }
}
