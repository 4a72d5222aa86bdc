import Testing

@Suite("Space") struct SpaceTests {
    @Test("the usual space is called default, and every call says which it was in")
    func names() throws {
        let stage = try Stage(script(#"{"reply": {"text": "ok"}}"#))
        #expect(try stage.invoke().call.space == "default")
        #expect(try stage.invoke("{}", [("X-Understudy-Space", "default")]).call.space == "default")
        #expect(try stage.invoke("{}", [("X-Understudy-Space", "w1")]).call.space == "w1")
    }
}
