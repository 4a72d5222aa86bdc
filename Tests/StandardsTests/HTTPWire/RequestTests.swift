import Bytes
import HTTPWire
import Testing

@Suite("Request") struct RequestTests {
    private let request: Request

    init() throws {
        let text = "POST /a HTTP/1.1\r\nHost: a\r\nX-One: 1\r\nx-one: 2\r\nX-Bytes: \u{FF}\r\n\r\n"
        request = try #require(RequestEvents(Array(text.utf8)).requests.first)
    }

    @Test("a field is found by its name in lower case, the first of several")
    func lookup() {
        #expect(request.text(of: "x-one") == "1")
        #expect(request.values(of: "x-one").map { String(lossy: $0) } == ["1", "2"])
        #expect(request.value(of: "x-two") == nil)
        #expect(request.place(of: "host").map { String(lossy: request.head[$0]) } == "a")
        #expect(request.values(of: "x-two").isEmpty)
    }

    @Test("the host of an absolute target wins over the field")
    func absoluteTarget() throws {
        for (target, host) in [("http://b.example:81/a", "b.example:81"), ("/a", "a")] {
            let text = "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n"
            let request = try #require(RequestEvents(Array(text.utf8)).requests.first)
            #expect(request.host.map { String(lossy: $0) } == host)
        }
    }

    @Test("the method is compared whole and in its case")
    func method() {
        #expect(request.isMethod("POST"))
        #expect(!request.isMethod("post"))
        #expect(!request.isMethod("POS"))
        #expect(!request.isMethod("POSTS"))
        #expect(request.methodText == "POST" && request.targetText == "/a" && request.pathText == "/a")
    }
}
