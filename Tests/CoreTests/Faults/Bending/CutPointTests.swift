import Testing

@testable import Faults

@Suite("Cut point") struct CutPointTests {
    @Test("the spellings of the contract")
    func spellings() {
        #expect(CutPoint("accept") == .accept)
        #expect(CutPoint("request") == .request)
        #expect(CutPoint("headers") == .headers)
        #expect(CutPoint("frame 3") == .frame(3))
        #expect(CutPoint("frame  3") == .frame(3))
        #expect(CutPoint("byte 120") == .byte(120))
    }

    @Test(
        "anything else is no place",
        arguments: [
            "", " ", "Frame 3", "frame", "frame 0", "frame -1", "frame 1.5", "frame 3 4", "byte", "byte x", "end",
            "byte 99999999999999999999", "frame3", "header",
        ])
    func refused(text: String) throws {
        #expect(CutPoint(text) == nil)
        #expect(
            try Bending.mistakes(#"{"fault": "reset", "at": "\#(text)"}"#) == [
                #"at: "\#(text)" is no place to cut at; there are "accept", "request", "headers", "frame 3", "byte 120""#
            ])
    }
}
