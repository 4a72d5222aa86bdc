@testable import Fields
import Testing

@Suite("Near names") struct NearNameTests {
    @Test(
        "one slip of the finger is near, another word is not",
        arguments: [
            ("protcol", "protocol"), ("Protocol", "protocol"), ("agetns", "agents"), ("agent", "agents"),
            ("ruels", "rules"),
            ("xyz", nil), ("", nil), ("a", nil), (String(repeating: "a", count: 100_000), nil),
        ])
    func hints(word: String, near: String?) {
        let hint = NearName.hint(for: word, among: ["agents", "protocol", "rules"])
        #expect(hint == near.map { "did you mean \"\($0)\"?" })
    }

    @Test("distances: change, add, leave out, exchange neighbours")
    func distances() {
        func distance(_ left: String, _ right: String) -> Int { NearName.distance(Array(left.utf8), Array(right.utf8)) }
        #expect(distance("abc", "abc") == 0 && distance("abc", "abd") == 1 && distance("abc", "abcd") == 1)
        #expect(distance("abc", "ac") == 1 && distance("abc", "acb") == 1 && distance("", "abc") == 3)
    }
}
