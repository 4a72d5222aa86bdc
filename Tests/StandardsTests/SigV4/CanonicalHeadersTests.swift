import Bytes
import SigV4
import Testing

@Suite("CanonicalHeaders") struct CanonicalHeadersTests {
    static func canonical(
        _ names: String, _ fields: [Signer.Field], hostWithoutPort: Bool = false
    ) -> (text: String, isComplete: Bool) {
        let message = Message(method: "GET", target: "/", fields: fields)
        var text: [UInt8] = []
        let isComplete = CanonicalHeaders.append(
            1..<(names.utf8.count + 1), of: Array("<\(names)>".utf8), from: message, hostWithoutPort: hostWithoutPort,
            to: &text)
        return (String(lossy: text), isComplete)
    }

    @Test(
        "white space goes at the ends and becomes one space inside",
        arguments: [
            ("a", "a"), ("  a ", "a"), ("a   b", "a b"), ("a\t \tb", "a b"), ("\"a   b\"", "\"a b\""), ("", ""),
            (" \t ", ""), ("a\n  b", "a b"), ("é  ü", "é ü"),
        ])
    func trimming(value: String, expected: String) {
        #expect(Self.canonical("x", [("X", value)]).text == "x:\(expected)\n")
    }

    @Test("repeated fields are joined in the order they came, whatever their case")
    func repeated() {
        let fields: [Signer.Field] = [("My", "b"), ("Other", "-"), ("MY", " a  a "), ("my", "")]
        #expect(Self.canonical("my", fields).text == "my:b,a a,\n")
    }

    @Test("names stand in the client's order, in lower case")
    func order() {
        #expect(Self.canonical("b;A", [("A", "1"), ("B", "2")]).text == "b:2\na:1\n")
    }

    @Test("what did not come is empty and counts as missing", arguments: ["x", "a;x", "a;", ";a", "a;;a", ""])
    func missing(names: String) {
        #expect(!Self.canonical(names, [("A", "1")]).isComplete)
        #expect(Self.canonical("x", []).text == "x:\n")
    }

    @Test("a list that names fields again and again is given up before its text is long", arguments: [false, true])
    func repeatedNames(redacting: Bool) {
        let value = String(repeating: "y", count: 30_000)
        let message = Message(method: "GET", target: "/", fields: [("Host", "h"), ("X", value)])
        let names = Array("host\(String(repeating: ";x", count: 15_000))".utf8)
        var text: [UInt8] = []
        let isComplete = CanonicalHeaders.append(
            0..<names.count, of: names, from: message, redacting: redacting, to: &text)
        #expect(!isComplete)
        #expect(text.count < 200_000)
    }

    @Test("as many names as anybody signs are taken, more are not")
    func manyNames() {
        func isComplete(_ count: Int) -> Bool {
            let names = (1...count).map { "x\($0)" }
            return Self.canonical(names.joined(separator: ";"), names.map { ($0, "") }).isComplete
        }
        #expect(isComplete(CanonicalHeaders.mostNames))
        #expect(!isComplete(CanonicalHeaders.mostNames + 1))
    }

    @Test(
        "only Host loses its port, and only a port",
        arguments: [("a:80", "a"), ("a", "a"), ("[::1]:80", "[::1]"), ("[::1]", "[::1]"), ("a:b", "a:b"), ("80", "80")])
    func port(value: String, expected: String) {
        #expect(
            Self.canonical("host;x", [("Host", value), ("X", "a:80")], hostWithoutPort: true).text
                == "host:\(expected)\nx:a:80\n")
    }

    @Test("looking for a name among the signed ones")
    func contains() {
        let names = Array("a;Host;x-amz-date".utf8)
        let all = 0..<names.count
        #expect(CanonicalHeaders.contains("host", in: all, of: names))
        #expect(!CanonicalHeaders.contains("hos", in: all, of: names))
        #expect(!CanonicalHeaders.contains("date", in: all, of: names))
        #expect(!CanonicalHeaders.contains("a", in: 1..<names.count, of: names))
    }
}
