import Faults
import Testing
import Time

@Suite("clock-skew") struct ClockSkewTests {
    private func offset(_ faults: String...) throws -> Duration {
        var book = try FaultBook(try faults.map(Bending.entry), seed: 7, space: "default", now: Bending.noon)
        var strikes = book.decide(Bending.candidate())
        return strikes.takeClockOffset()
    }

    @Test("ahead, behind, and both together")
    func offsets() throws {
        #expect(try offset(#"{"fault": "clock-skew", "offset": "6m"}"#) == .seconds(360))
        #expect(try offset(#"{"fault": "clock-skew", "offset": "+6m"}"#) == .seconds(360))
        #expect(try offset(#"{"fault": "clock-skew", "offset": "-1.5s"}"#) == .milliseconds(-1_500))
        let ahead = #"{"fault": "clock-skew", "offset": "6m"}"#
        #expect(try offset(ahead, #"{"fault": "clock-skew", "offset": "-1m"}"#) == .seconds(300))
        #expect(try offset() == .zero)
    }

    @Test(
        "what is no offset",
        arguments: ["", "-", "6", "--6m", "-+6m", "6m-", "soon", "366d", "-366d", "99999999999d"])
    func refused(text: String) throws {
        #expect(
            try Bending.mistakes(#"{"fault": "clock-skew", "offset": "\#(text)"}"#) == [
                #"offset: "\#(text)" is not an offset of the clock; write "6m" for a clock that is ahead, "-6m" for one that is behind"#
            ])
    }

    @Test("an offset has to be there, and to be one")
    func missing() throws {
        #expect(try Bending.mistakes(#"{"fault": "clock-skew"}"#) == [#""offset" is missing"#])
        #expect(
            try Bending.mistakes(#"{"fault": "clock-skew", "offset": "-0s"}"#) == [
                "offset: an offset of nothing changes nothing"
            ])
    }
}
