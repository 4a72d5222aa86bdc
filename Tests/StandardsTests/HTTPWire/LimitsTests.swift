import HTTPWire
import Testing

@Suite("Limits") struct LimitsTests {
    @Test("heads end at 64 KB and bodies at the service's 100,000,000 bytes")
    func published() {
        #expect(Limits().head == 64 * 1_024)
        #expect(Limits().body == 100_000_000)
        #expect(Limits().requestLine < Limits().head)
    }
}
