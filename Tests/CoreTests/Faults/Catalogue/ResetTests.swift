import Testing

@Suite("reset") struct ResetTests {
    @Test("at every point of a stream, and inside a body whose length was promised")
    func cuts() throws { try Cutting.expectCuts("reset") }

    @Test("at accept the call is not looked at: the steps stand for all of it")
    func accept() throws { try Cutting.expectArrival("reset", [.reset]) }

    @Test("what is not there is said, and the point has to be there")
    func reasons() throws { try Cutting.expectReasons("reset") }
}
