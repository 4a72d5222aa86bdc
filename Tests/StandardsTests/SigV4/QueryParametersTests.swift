import Bytes
import Testing

@testable import SigV4

@Suite("QueryParameters") struct QueryParametersTests {
    static func split(_ query: String) -> [String] {
        let head = Array(query.utf8)
        return QueryParameters.split(0..<head.count, of: head).map {
            "\(String(lossy: head[$0.name]))|\(String(lossy: head[$0.value]))\($0.isNothing ? "!" : "")"
        }
    }

    @Test("names, values and nothings")
    func splitting() {
        #expect(Self.split("a=b&c&=d&e=f=g") == ["a|b", "c|", "|d", "e|f=g"])
        #expect(Self.split("&a&&=") == ["|!", "a|", "|!", "|"])
        #expect(Self.split("") == ["|!"])
    }

    @Test("the first escape that is none")
    func malformed() {
        for (query, found) in [("a%20b", nil), ("%", ""), ("a%4", ""), ("%4g%", "4g"), ("%%41", "%4"), ("", nil)] {
            let bytes = Array(query.utf8)
            let escape = QueryParameters.malformedEscape(in: bytes.span)
            #expect(escape.map { String(lossy: $0) } == found, "\(query)")
        }
    }
}
