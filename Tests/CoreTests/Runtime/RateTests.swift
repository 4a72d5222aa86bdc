import Runtime
import Testing

@Suite("Rate") struct RateTests {
    @Test("so many in a time, the unit alone standing for one of it")
    func reading() {
        #expect(Rate("25/s")?.interval == 40_000_000 && Rate("25/s")?.count == 25)
        #expect(Rate("100/m")?.interval == 600_000_000)
        #expect(Rate("1/10s")?.interval == 10_000_000_000 && Rate("1/10s")?.text == "1/10s")
    }

    @Test(
        "what is no rate",
        arguments: ["", "25", "25/", "/s", "0/s", "-1/s", "2.5/s", "25/s/s", "25/fortnight", "1/366d"])
    func refused(text: String) { #expect(Rate(text) == nil) }

    @Test("a burst may come at once, then what is even; a clock that is set back begins anew")
    func admitting() throws {
        let rate = try #require(Rate("10/s"))
        let tolerance = try #require(rate.tolerance(burst: 2))
        var nextDue = Int64.min
        let milliseconds: [Int64] = [1_000, 1_000, 1_000, 1_050, 1_100, 1_150, 0, 0, 0]
        let admitted = milliseconds.map { rate.admits($0 * 1_000_000, tolerance: tolerance, &nextDue) }
        #expect(admitted == [true, true, false, false, true, false, true, true, false])
        #expect(rate.tolerance(burst: 1_000_000_000) == nil)
    }
}
