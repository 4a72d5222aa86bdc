import Bytes
import SigV4
import Testing

@Suite("CanonicalQuery") struct CanonicalQueryTests {
    static func canonical(_ query: String, _ reading: CanonicalQuery.Reading = .plusIsSpace) -> String {
        let head = Array("?\(query)".utf8)
        var text: [UInt8] = []
        CanonicalQuery.append(1..<head.count, of: head, reading: reading, to: &text)
        return String(lossy: text)
    }

    @Test(
        "sorted by encoded name, then by value, byte by byte",
        arguments: [
            ("b=1&a=2", "a=2&b=1"), ("a=2&a=1&a=10", "a=1&a=10&a=2"), ("a-b=1&a=2", "a=2&a-b=1"),
            ("qualifier=D&X-Amz-Date=1&X-Amzn-A=2", "X-Amz-Date=1&X-Amzn-A=2&qualifier=D"),
            ("%E1%88%B4=1&Z=2&%7E=3", "%E1%88%B4=1&Z=2&~=3"), ("a=b&A=c", "A=c&a=b"),
        ])
    func order(query: String, expected: String) {
        #expect(Self.canonical(query) == expected)
    }

    @Test(
        "values: none, empty, with an equals sign",
        arguments: [("a", "a="), ("a=", "a="), ("a=b=c", "a=b%3Dc"), ("=", "="), ("=a", "=a"), ("a&a=", "a=&a=")])
    func values(query: String, expected: String) {
        #expect(Self.canonical(query) == expected)
    }

    @Test("a parameter is spelled alone as beside another", arguments: CanonicalQuery.Reading.allCases)
    func alone(reading: CanonicalQuery.Reading) {
        for query in ["a", "a=", "=", "=b", "a=b=c", "a+b=%7e%3a", "%4=%", "a=b c", "a=\u{E9}"] {
            #expect(Self.canonical("\(query)&~=", reading) == Self.canonical(query, reading) + "&~=", "\(query)")
        }
    }

    @Test("the three readings of a query that is not in its canonical spelling")
    func readings() {
        let query = "q=a+b&&t=%7e:%3a"
        #expect(Self.canonical(query, .plusIsSpace) == "q=a%20b&t=~%3A%3A")
        #expect(Self.canonical(query, .plusIsPlus) == "q=a%2Bb&t=~%3A%3A")
        #expect(Self.canonical(query, .asSent) == "=&q=a+b&t=%7e:%3a")
    }

    @Test("a query in canonical spelling has one reading", arguments: ["", "a=b", "a=%20&b=%2B", "%E4%B8%AD=~"])
    func oneReading(query: String) {
        for reading in CanonicalQuery.Reading.allCases where !query.isEmpty {
            #expect(Self.canonical(query, reading) == query)
        }
    }

    @Test(
        "an escape that is none stands for itself",
        arguments: [("a=%", "a=%25"), ("a=%4", "a=%254"), ("%zz", "%25zz=")])
    func brokenEscapes(query: String, expected: String) {
        #expect(Self.canonical(query) == expected)
    }

    @Test("only the first signature is left out, and secrets are not shown")
    func omitting() {
        let head = Array("X-Amz-Signature=1&X-Amz-Security-Token=T&X-Amz-Signature=2".utf8)
        var text: [UInt8] = []
        CanonicalQuery.append(
            0..<head.count, of: head, omitting: FieldRange(name: 0..<15, value: 16..<17), redacting: true, to: &text)
        #expect(String(lossy: text) == "X-Amz-Security-Token=[redacted]&X-Amz-Signature=[redacted]")
    }
}
