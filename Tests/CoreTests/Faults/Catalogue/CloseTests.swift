import Testing

@Suite("close") struct CloseTests {
    @Test("at every point of a stream, and inside a body whose length was promised")
    func cuts() throws { try Cutting.expectCuts("close") }

    @Test("at accept the call is not looked at: the steps stand for all of it")
    func accept() throws { try Cutting.expectArrival("close", [.close]) }

    @Test("what is not there is said, and the point has to be there")
    func reasons() throws { try Cutting.expectReasons("close") }
}
