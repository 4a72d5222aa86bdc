import HTTPWire
import Testing

@Suite("ReasonPhrase") struct ReasonPhraseTests {
    @Test(
        "known codes have their phrase, others none",
        arguments: [
            (100, "Continue"), (200, "OK"), (206, "Partial Content"), (304, "Not Modified"), (413, "Content Too Large"),
            (424, "Failed Dependency"), (429, "Too Many Requests"), (431, "Request Header Fields Too Large"),
            (505, "HTTP Version Not Supported"), (299, ""), (199, ""), (399, ""), (499, ""), (599, ""), (-1, ""),
            (1000, ""),
        ])
    func phrases(status: Int, phrase: String) {
        #expect(ReasonPhrase.of(status).description == phrase)
    }
}
