import Testing

@testable import HTTPWire

@Suite("Message refusal") struct MessageRefusalTests {
    @Test("a refusal has a status, its phrase and a sentence")
    func parts() {
        let refusal = MessageRefusal(status: 431, message: "Too much.")
        #expect(refusal.reasonPhrase.description == "Request Header Fields Too Large")
        #expect(MessageRefusal.malformed("No.").status == 400)
    }

    @Test("a control character is named", arguments: [(0x0A, "line feed"), (0x0D, "carriage return"), (0, "0x00")])
    func control(byte: UInt8, word: String) {
        #expect(MessageRefusal.control(byte, at: "Header line 1").message.hasPrefix("Header line 1"))
        #expect(MessageRefusal.control(byte, at: "Header line 1").message.contains(word))
    }

    @Test("bytes are written in two digits")
    func hex() {
        #expect(MessageRefusal.hex(0x0B) == "0x0B".dropFirst(2))
        #expect(MessageRefusal.hex(0xFE) == "FE")
    }
}
