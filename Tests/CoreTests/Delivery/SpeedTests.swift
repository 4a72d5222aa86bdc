import Delivery
import Testing

@Suite("Speed") struct SpeedTests {
    @Test("a number from a thousandth to a million, and back as JSON writes it")
    func reading() {
        #expect(["2", "0.5", "1e3", "10.0", "0.001"].compactMap(Speed.read) == [2, 0.5, 1_000, 10, 0.001])
        #expect([2, 0.5, 1_000].map(Speed.text) == ["2", "0.5", "1000"])
    }

    @Test(
        "anything else is no speed",
        arguments: ["", "0", "-2", "0.0001", "1000001", "nan", "inf", "infinity", "0x10", "fast", "2x", " 2"])
    func refused(text: String) { #expect(Speed.read(text) == nil) }
}
