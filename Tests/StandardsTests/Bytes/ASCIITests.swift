import Bytes
import Support
import Testing

@Suite("ASCII") struct ASCIITests {
    @Test("names compare whatever their case, and only whole")
    func names() {
        let spellings = ["X-Amz-Date", "x-amz-date", "X-Amz-Dates", "X-Amz@Date", "X-Amz-Dat"]
        let equal = spellings.map { text in
            let name = Array(text.utf8)
            return ASCII.equals(name.span, lowercase: "x-amz-date")
        }
        #expect(equal == [true, true, false, false, false])
        #expect(ASCII.equalsIgnoringCase(Array("X-Amz-Date".utf8), Array("x-AMZ-date".utf8)))
    }

    @Test("names of any length compare letter by letter as they do all at once", arguments: [UInt64(111), 112])
    func longNames(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let letters = Array("abyz019-".utf8)
        let others = Array("AZ@[^~_{\u{7F}\r \u{0}".utf8) + [0xE1]
        for round in 0..<3_000 {
            let name = (0..<Int.random(in: 0..<30, using: &chance)).map { _ in
                letters[Int.random(in: 0..<8, using: &chance)]
            }
            var other = name.map { ASCII.isLetter($0) && Bool.random(using: &chance) ? $0 ^ 0x20 : $0 }
            if let place = other.indices.randomElement(using: &chance), Bool.random(using: &chance) {
                other[place] = others[Int.random(in: 0..<others.count, using: &chance)]
            }
            let expected = zip(name, other).allSatisfy { ASCII.lowercased($0) == ASCII.lowercased($1) }
            let found = ASCII.equalsIgnoringCase(name.span, other.span)
            #expect(found == expected, "seed \(seed), round \(round)")
        }
    }

    @Test("a capital letter is found at every place, and nothing else is one")
    func capitals() {
        for place in 0..<19 {
            for byte in UInt8.min...UInt8.max {
                var name = Array("x-amz-security-toke".utf8)
                name[place] = byte
                let isCapital = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                let found = ASCII.hasCapital(name.span)
                #expect(found == isCapital, "byte \(byte) at \(place)")
            }
        }
    }

    @Test("a field's name is told from one that differs in any byte by any bit")
    func everyBit() {
        let wanted: StaticString = "x-amz-security-token0"
        let name = Array("\(wanted)".utf8)
        for place in name.indices {
            for byte in UInt8.min...UInt8.max {
                var other = name
                other[place] = byte
                let isSame = ASCII.equals(other.span, lowercase: wanted)
                #expect(isSame == (ASCII.lowercased(byte) == name[place]), "byte \(byte) at \(place)")
            }
        }
    }

    @Test(
        "a decimal is digits only and fits",
        arguments: [("0", 0), ("00042", 42), ("999999999999999999", 999_999_999_999_999_999)])
    func decimals(text: String, value: Int) {
        #expect(ASCII.decimal(Array(text.utf8)) == value)
    }

    @Test(
        "a sign, a space, nothing or nineteen digits are no decimal",
        arguments: ["", "-1", "+1", " 1", "1 ", "0x1", "1000000000000000000"])
    func noDecimals(text: String) {
        #expect(ASCII.decimal(Array(text.utf8)) == nil)
    }

    @Test("numbers are appended as Swift prints them, or padded", arguments: [0, 7, 10, 999, -45, Int.max, Int.min])
    func appended(number: Int) {
        var text: [UInt8] = []
        text.append(decimal: number)
        #expect(String(lossy: text) == String(number))
    }

    @Test("padding fills up and never cuts")
    func padded() {
        var text: [UInt8] = []
        for (number, width) in [(7, 2), (0, 1), (123, 2), (5, 9)] {
            text.append(decimal: number, width: width)
            text.append(UInt8(ascii: ","))
        }
        #expect(String(lossy: text) == "07,0,123,000000005,")
    }

    @Test("the token characters are those of RFC 9110")
    func tokens() {
        let tokens = (UInt8.min...UInt8.max).filter(ASCII.isToken)
        #expect(
            String(lossy: tokens) == "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~")
    }

    @Test("text is read strictly or not at all")
    func texts() {
        #expect(String(utf8: [0x68, 0xC3, 0xA9]) == "hé")
        #expect(String(utf8: [0xC3]) == nil)
        #expect(String(lossy: [0xC3]) == "\u{FFFD}")
    }
}
