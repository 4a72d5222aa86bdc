import JSON
import Support
import Testing

@Suite("JSON path scan") struct PathScanTests {
    static let text =
        #" { "skip" : [ { "a" : "}]\"" } , 1.5e3 , "\\" ], "\u0061": {"b":[ true ,{"c d":"x"} ]},"é":null } "#

    @Test(
        "the value is found without reading the rest",
        arguments: [
            ("$.a.b[0]", "true"), ("$.a.b[1]['c d']", "\"x\""), ("$.a", #"{"b":[ true ,{"c d":"x"} ]}"#),
            ("$.é", "null"),
            ("$.skip[1]", "1.5e3"), ("$.skip[2]", #""\\""#), ("$.skip[0].a", #""}]\"""#),
            ("$", String(text.dropFirst().dropLast())),
        ])
    func found(path: String, literal: String) throws {
        let bytes = Array(Self.text.utf8)
        let range = try #require(try Path(path).scan(bytes))
        #expect(String(decoding: bytes[range], as: UTF8.self) == literal)
        #expect(try Path(path).scannedValue(in: bytes.span) == Value.parse(literal))
    }

    @Test(
        "what is not there, or no simple path, gives nil",
        arguments: ["$.b", "$.a.c", "$.a.b[2]", "$.a.b[-1]", "$.skip[3]", "$[0]", "$.*", "$.a[*]", "$.a.b.c", "$.é.x"])
    func missing(path: String) throws {
        #expect(try Path(path).scan(Array(Self.text.utf8)) == nil)
    }

    @Test("an empty name, and names that only begin alike, are told apart")
    func names() throws {
        let bytes = Array(#"{"ab":1,"a\"":2,"":3,"a":4,"a":5}"#.utf8)
        #expect(try Path("$.a").scannedValue(in: bytes.span) == 4)
        #expect(try Path("$['']").scannedValue(in: bytes.span) == 3)
        #expect(try Path("$['a\"']").scannedValue(in: bytes.span) == 2)
        #expect(try Path("$['a\\\\\"']").scannedValue(in: bytes.span) == nil)
    }

    @Test(
        "a found literal that is no JSON is nil as a value",
        arguments: ["{\"a\":tru}", "{\"a\":[1,}", "{\"a\":\"\\x\"}"])
    func notJSON(text: String) throws {
        #expect(try Path("$.a").scannedValue(in: Array(text.utf8).span) == nil)
    }

    @Test("wherever the parser reads a text, the scan finds what the lookup finds", arguments: [UInt64(51), 52, 53])
    func agrees(seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        let paths = try ["$", "$.a", "$.prompt", "$[0]", "$[2]", "$.a.a", "$['']", "$['\\n']", "$['\"']", "$[1].a"].map
        {
            (text) throws in try Path(text)
        }
        for round in 0..<1_000 {
            let value = Value.random(&chance)
            let bytes = value.bytes(Bool.random(using: &chance) ? .pretty : .compact)
            for path in paths {
                #expect(
                    path.scannedValue(in: bytes.span) == path.lookup(in: value),
                    "seed \(seed), round \(round), \(path.text)")
            }
        }
    }

    @Test("a text cut short or with changed bytes gives a range inside it or nil", arguments: [UInt64(61), 62])
    func hostile(seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        let whole = Array(Self.text.utf8)
        let paths = try ["$.a.b[1]['c d']", "$.skip[2]", "$.é", "$"].map { (text) throws in try Path(text) }
        for count in 0...whole.count {
            var bytes = Array(whole[..<count])
            for path in paths { #expect(Self.isInside(path.scan(bytes), bytes), "cut after \(count)") }
            for _ in 0..<20 where count > 0 {
                bytes[Int.random(in: 0..<count, using: &chance)] = UInt8.random(in: 0...255, using: &chance)
                for path in paths { #expect(Self.isInside(path.scan(bytes), bytes), "seed \(seed), count \(count)") }
            }
        }
    }

    @Test("a million brackets do no harm")
    func deep() throws {
        let bytes = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        #expect(try Path("$").scan(bytes) == nil)
        #expect(try Path("$[0][0]").scan(bytes) == nil)
    }

    private static func isInside(_ range: Range<Int>?, _ bytes: [UInt8]) -> Bool {
        guard let range else { return true }
        return !range.isEmpty && range.lowerBound >= 0 && range.upperBound <= bytes.count
    }
}
