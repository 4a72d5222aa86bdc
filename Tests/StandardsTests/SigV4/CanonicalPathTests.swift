import Bytes
import SigV4
import Testing

@Suite("CanonicalPath") struct CanonicalPathTests {
    static func canonical(_ path: String) -> String {
        var text: [UInt8] = []
        CanonicalPath.append(1..<(path.utf8.count + 1), of: Array("<\(path)>".utf8), to: &text)
        return String(lossy: text)
    }

    @Test(
        "what was encoded is encoded again, what was not is encoded once",
        arguments: [
            ("/runtimes/arn%3Aaws%2Fx/invocations", "/runtimes/arn%253Aaws%252Fx/invocations"),
            ("/arn:aws/a b", "/arn%3Aaws/a%20b"), ("/-._~", "/-._~"), ("/%7E", "/%257E"), ("/a+b*c", "/a%2Bb%2Ac"),
            ("/\u{1234}", "/%E1%88%B4"), ("/%", "/%25"),
        ])
    func encoding(path: String, expected: String) {
        #expect(Self.canonical(path) == expected)
    }

    @Test(
        "dots and empty segments go, a slash at the end stays",
        arguments: [
            ("", "/"), ("/", "/"), ("//", "/"), ("/./", "/"), ("/a//b/", "/a/b/"), ("/a/./b", "/a/b"),
            ("/a/../b/", "/b/"), ("/../../a", "/a"), ("/a/b/..", "/a"), ("/a/b/.", "/a/b"), ("/a/..", "/"),
            ("/...", "/..."), ("/.a", "/.a"), ("/a.", "/a."), ("/a..b", "/a..b"), ("/%2E%2E/a", "/%252E%252E/a"),
            ("a", "a"), ("../a", "a"), ("*", "%2A"), (".", ""),
        ])
    func normalizing(path: String, expected: String) {
        #expect(Self.canonical(path) == expected)
    }
}
