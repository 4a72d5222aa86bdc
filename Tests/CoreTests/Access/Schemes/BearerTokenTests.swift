import Access
import HTTPWire
import Support
import Testing

@Suite("BearerToken") struct BearerTokenTests {
    private func read(_ values: String...) -> BearerToken {
        BearerToken(Request.made("GET", "/?access_token=a.b.c", values.map { ("Authorization", $0) }))
    }

    private func token(_ value: String) -> String? {
        let request = Request.made("GET", "/", [("Host", "a"), ("authorization", value)])
        guard case .present(let place) = BearerToken(request) else { return nil }
        return String(decoding: request.head[place], as: UTF8.self)
    }

    @Test("the scheme is taken in any case, the token as it is", arguments: ["Bearer", "bearer", "BEARER", "bEaReR"])
    func scheme(scheme: String) {
        #expect(token("\(scheme) a.B.c") == "a.B.c")
    }

    @Test(
        "no field, an empty one, and a scheme without a token are a missing token",
        arguments: ["", "Bearer", "Bearer ", "bearer   "])
    func missing(value: String) {
        #expect(read() == .missing)
        #expect(read(value) == .missing)
    }

    @Test("two fields are refused, even when they are the same")
    func twice() {
        #expect(read("Bearer a.b.c", "Bearer a.b.c") == .malformed("there are two Authorization fields"))
        #expect(read("", "Bearer a.b.c") == .malformed("there are two Authorization fields"))
    }

    @Test(
        "two spaces, a tab, a colon and another scheme are refused",
        arguments: [
            "Bearer  a.b.c", "Bearer\ta.b.c", "Bearer:a.b.c", "Bearera.b.c", "Basic dTpw", "a.b.c", "Token a.b.c",
            "\"Bearer a\"",
        ])
    func malformed(value: String) {
        guard case .malformed = read(value) else {
            Issue.record("\(read(value))")
            return
        }
    }

    @Test("what follows the space is the token's own affair, a comma included")
    func rest() {
        #expect(token("Bearer a.b.c, Bearer d.e.f") == "a.b.c, Bearer d.e.f")
        #expect(token("Bearer undefined") == "undefined")
    }
}
