import HTTPWire
import Testing

@Suite("ResponseHead") struct ResponseHeadTests {
    @Test("heads are equal when status, fields and length are")
    func equality() {
        let head = ResponseHead(status: 200, fields: FieldBlock(), length: .known(1))
        var other = head
        #expect(other == head)
        other.length = .unknown
        #expect(other != head)
    }
}
