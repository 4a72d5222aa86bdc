import Bytes
import Testing

@Suite("Base64") struct Base64Tests {
    @Test(
        "the examples of RFC 4648 section 10 hold both ways",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy"),
        ])
    func examples(plain: String, encoded: String) {
        let unpadded = String(encoded.prefix { $0 != "=" })
        #expect(Base64.standard.encode(Array(plain.utf8)) == encoded)
        #expect(Base64.standard.decode(Array(encoded.utf8)) == Array(plain.utf8))
        #expect(Base64.url.encode(Array(plain.utf8)) == unpadded)
        #expect(Base64.url.decode(Array(unpadded.utf8)) == Array(plain.utf8))
    }

    @Test(
        "base64url takes no padding, no white space, no letters of the other alphabet, no stray bits",
        arguments: ["Zg==", "Zm8=", "Zm 8", "Zm8\n", "-_+/", "Zh", "Z", "Zm9vY"])
    func refusedURL(text: String) {
        #expect(Base64.url.decode(Array(text.utf8)) == nil)
    }

    @Test("base64 wants its padding, once", arguments: ["Zg", "Zg=", "Zg===", "=", "====", "Zm8==", "-_=="])
    func refusedStandard(text: String) {
        #expect(Base64.standard.decode(Array(text.utf8)) == nil)
    }

    @Test("a letter counts when it stands in the alphabet, wherever it stands", arguments: 0..<8)
    func alphabets(place: Int) {
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        for (base64, last) in [(Base64.standard, "+/"), (Base64.url, "-_")] {
            let alphabet = Array((letters + last).utf8)
            for byte in UInt8.min...UInt8.max {
                var text = Array("AAAAAAAA".utf8)
                text[place] = byte
                var bits: UInt64 = 0
                if let value = alphabet.firstIndex(of: byte) { bits = UInt64(value) << UInt64(42 - 6 * place) }
                let bytes = (0..<6).map { UInt8(truncatingIfNeeded: bits >> UInt64(40 - 8 * $0)) }
                let isPadding = base64.encode([0]).hasSuffix("=") && place == 7 && byte == UInt8(ascii: "=")
                let expected = isPadding ? bytes.dropLast() : alphabet.contains(byte) ? bytes : nil
                #expect(base64.decode(text) == expected, "byte \(byte)")
            }
        }
    }

    @Test("every byte survives the trip")
    func roundTrip() {
        for count in 0..<260 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
            #expect(Base64.url.decode(Array(Base64.url.encode(bytes).utf8)) == bytes)
            #expect(Base64.standard.decode(Array(Base64.standard.encode(bytes).utf8)) == bytes)
        }
    }
}
