import Bytes
import Testing

@Suite("Field range") struct FieldRangeTests {
    @Test("a field is where its name and its value are")
    func places() {
        let bytes = Array("Host: here".utf8)
        let field = FieldRange(name: 0..<4, value: 6..<10)
        #expect(String(lossy: bytes[field.name]) == "Host")
        #expect(String(lossy: bytes[field.value]) == "here")
    }
}
