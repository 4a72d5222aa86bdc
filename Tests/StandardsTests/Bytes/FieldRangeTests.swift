import Bytes
import Testing

@Suite("Field range") struct FieldRangeTests {
    private func parameters(_ query: String) -> [String] {
        let bytes = Array(query.utf8)
        var found: [String] = []
        var start = 0
        while let place = FieldRange.parameter(in: bytes.span, from: &start, to: bytes.count) {
            let text = String(lossy: bytes[place.name]) + "|" + String(lossy: bytes[place.value])
            found.append(place.isNothing ? "nothing" : text)
        }
        return found
    }

    @Test(
        "parameters stand between ampersands, still encoded, and nothing stands between two of them",
        arguments: [
            ("", ["nothing"]), ("a=b", ["a|b"]), ("a", ["a|"]), ("a=&=b", ["a|", "|b"]), ("=", ["|"]),
            ("&&a=b=c&", ["nothing", "nothing", "a|b=c", "nothing"]), ("a%3D=%26&a=2", ["a%3D|%26", "a|2"]),
        ])
    func split(query: String, expected: [String]) { #expect(parameters(query) == expected) }
}
