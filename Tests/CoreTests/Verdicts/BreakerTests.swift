import Testing
import Verdicts

@Suite("Breaker") struct BreakerTests {
    private static let five = #"{"breaker": {"opensAfter": 5, "openFor": "60s", "probes": 1, "closesAfter": 1}}"#

    /// Healthy calls each second, then so many failures in a row.
    private func failing(_ failures: Int, from start: Double = 0, healthy: Int = 10) -> Transcript {
        var transcript = Transcript()
        for second in 0..<healthy { transcript.call(start + Double(second)) }
        for second in 0..<failures { transcript.call(start + Double(healthy + second), 503) }
        return transcript
    }

    @Test("five failures, a minute of silence, a failed probe, a minute, a good one: a breaker")
    func good() throws {
        var transcript = failing(5)
        transcript.call(75, 503)
        transcript.call(136)
        for second in 137..<145 { transcript.call(Double(second)) }
        let ruling = try transcript.ruling(Self.five)
        #expect(ruling.judgement == .pass, "\(ruling.because)")
        #expect(ruling.figure("trips") == "2" && ruling.figure("opensAfter") == "5")
        #expect(ruling.intervals.map(\.state) == ["closed", "open", "half-open", "open", "half-open", "closed"])
        #expect(ruling.intervals[2].calls == [16])
    }

    @Test("with a probe that succeeds at once the half-open state was not seen, and the verdict says so")
    func untested() throws {
        var transcript = failing(5)
        for second in 75..<80 { transcript.call(Double(second)) }
        let ruling = try transcript.ruling(Self.five)
        #expect(ruling.judgement == .pass)
        #expect(ruling.because.contains("half-open state was not put to the test"))
    }

    @Test("defects are named: none, too late, too short, no reopening, too many probes")
    func defects() throws {
        var none = failing(9)
        none.call(19)
        var late = failing(8)
        late.call(80)
        var short = failing(5)
        short.call(45)
        var again = failing(5)
        for second in 75..<80 { again.call(Double(second), 503) }
        var crowd = failing(5)
        for caller in 0..<6 { crowd.call(75 + Double(caller) / 10, 200, took: 2) }
        for (transcript, reason) in [
            (none, "did not open"), (late, "opened after 8 failures in a row"), (short, "31 s after it had opened"),
            (again, "did not open again"), (crowd, "6 calls through where 1 probe"),
        ] {
            let ruling = try transcript.ruling(Self.five, at: 300)
            #expect(ruling.judgement == .fail)
            #expect(ruling.because.contains(reason), "\(ruling.because)")
            #expect(!ruling.calls.isEmpty)
        }
    }

    @Test("calls in flight at the trip are no violation, though they end in the open time")
    func inFlight() throws {
        var transcript = failing(0, healthy: 10)
        for caller in 0..<8 { transcript.call(10 + Double(caller) / 100, 503, took: 1 + Double(caller)) }
        transcript.call(76, 503)
        transcript.call(137)
        #expect(try transcript.ruling(Self.five).judgement == .pass)
    }

    @Test("stragglers move the end of the open time only where it counts from the last failure")
    func stragglers() throws {
        var transcript = failing(0, healthy: 10)
        for caller in 0..<6 { transcript.call(10 + Double(caller) / 100, 503, took: caller < 5 ? 0.1 : 20) }
        transcript.call(75)
        let last = #"{"breaker": {"opensAfter": 5, "openFor": "60s", "openFrom": "last-failure"}}"#
        #expect(try transcript.ruling(Self.five).judgement == .pass)
        let ruling = try transcript.ruling(last)
        #expect(ruling.judgement == .fail, "\(ruling.because)")
    }

    @Test("a caller that seldom calls is as silent without a breaker")
    func idle() throws {
        var transcript = Transcript()
        for call in 0..<3 { transcript.call(Double(call) * 50) }
        for call in 3..<8 { transcript.call(Double(call) * 50, 503) }
        transcript.call(425, 200)
        let ruling = try transcript.ruling(Self.five)
        #expect(ruling.judgement == .inconclusive)
        #expect(ruling.because.contains("an idle caller is as silent"), "\(ruling.because)")
    }

    @Test("a mark settles what silence leaves open, for and against")
    func marks() throws {
        var good = Transcript()
        for call in 0..<3 { good.call(Double(call) * 50) }
        for call in 3..<8 { good.call(Double(call) * 50, 503) }
        good.mark(370)
        good.call(425, 200)
        #expect(try good.ruling(Self.five).judgement == .pass)
        var early = failing(3)
        early.mark(13.5)
        early.call(80)
        #expect(try early.ruling(Self.five).judgement == .fail)
        var long = failing(5)
        long.mark(100)
        long.call(140)
        let ruling = try long.ruling(Self.five)
        #expect(ruling.judgement == .fail && ruling.because.contains("still kept"), "\(ruling.because)")
    }

    @Test("time that was added to the clock has passed")
    func advanced() throws {
        var transcript = failing(5)
        transcript.advance(60)
        transcript.call(14.9, 503)
        transcript.advance(61)
        transcript.call(15.2)
        transcript.call(16)
        #expect(try transcript.ruling(Self.five).judgement == .pass)
    }

    @Test("refusals of access are no failures unless they are named")
    func refusals() throws {
        var transcript = Transcript()
        for second in 0..<12 { transcript.call(Double(second), 403) }
        #expect(try transcript.ruling(Self.five).judgement == .inconclusive)
        let named = #"{"breaker": {"opensAfter": 5, "openFor": "60s", "failures": ["403", "5xx"]}}"#
        #expect(try transcript.ruling(named).judgement == .fail)
    }

    @Test("half of ten calls in ten seconds")
    func window() throws {
        let window = #"{"breaker": {"counts": {"window": "10s", "rate": 0.5, "least": 10}, "openFor": "30s"}}"#
        var transcript = Transcript()
        for call in 0..<10 { transcript.call(Double(call) * 0.5, call % 2 == 0 ? 200 : 503) }
        transcript.call(36, 503)
        transcript.call(67)
        #expect(try transcript.ruling(window).judgement == .pass)
        var none = transcript
        none.call(68, 503)
        for call in 0..<12 { none.call(69 + Double(call), 503) }
        #expect(try none.ruling(window).judgement == .fail)
    }

    private static let share =
        #"{"breaker": {"counts": {"window": "10s", "rate": 0.5, "least": 10}, "openFor": "30s"}}"#

    /// Calls each half second, of which some fail, and silences of half a minute after so many failures in a row.
    private func opening(after failures: Int, times: Int, seconds: Double = 31) -> Transcript {
        var transcript = Transcript()
        var now = 0.0
        for _ in 0..<times {
            for _ in 0..<24 {
                transcript.call(now)
                now += 0.5
            }
            for _ in 0..<failures {
                transcript.call(now, 503)
                now += 0.5
            }
            now += seconds
        }
        transcript.call(now)
        return transcript
    }

    @Test("silences that the declared share does not explain are held against the breaker, once they are a habit")
    func earlyByShare() throws {
        let early = try opening(after: 3, times: 4).ruling(Self.share)
        #expect(early.judgement == .fail, "\(early)")
        #expect(
            early.because.contains("silent 4 times after only 3 failures among 20 calls in 10 s")
                || early.because.contains("silent 4 times after only 3 failures among 21 calls in 10 s"),
            "\(early.because)")
        #expect(try opening(after: 3, times: 2).ruling(Self.share).judgement != .fail)
        #expect(try opening(after: 11, times: 4).ruling(Self.share).judgement == .pass)
        // Without what may have left the window already, half of its calls have failed.
        #expect(try opening(after: 10, times: 4).ruling(Self.share).judgement != .fail)
    }

    @Test("a share that calls in flight explain, which the client may have given up, is not held against it")
    func hiddenFailures() throws {
        var transcript = Transcript()
        for round in 0..<4 {
            let start = Double(round) * 60
            for call in 0..<20 { transcript.call(start + Double(call) * 0.5) }
            for call in 0..<8 { transcript.call(start + 10 + Double(call) * 0.1, took: 4) }
            for call in 0..<6 { transcript.call(start + 11 + Double(call) * 0.1, 503) }
        }
        transcript.call(300)
        #expect(try transcript.ruling(Self.share).judgement != .fail)
    }

    @Test("a success that was on its way when a reading opened does not close it")
    func stragglingSuccess() throws {
        var transcript = Transcript()
        for round in 0..<4 {
            let start = Double(round) * 60
            for call in 0..<20 { transcript.call(start + Double(call) * 0.5) }
            transcript.call(start + 9.9, took: 5)
            for call in 0..<10 { transcript.call(start + 10 + Double(call) * 0.1, 503) }
        }
        transcript.call(300)
        let ruling = try transcript.ruling(Self.share)
        #expect(ruling.judgement != .fail, "\(ruling)")
    }

    @Test("without a declaration the library that fits is named, and no breaker is no breaker")
    func undeclared() throws {
        var transcript = failing(5)
        transcript.call(45, 503)
        transcript.call(76)
        let ruling = try transcript.ruling(#"{"breaker": {}}"#)
        #expect(ruling.judgement == .pass && ruling.because.contains("circuitbreaker"), "\(ruling.because)")
        #expect(try failing(60).ruling(#"{"breaker": {}}"#).judgement == .fail)
        #expect(try failing(3).ruling(#"{"breaker": {}}"#).judgement == .inconclusive)
    }

    @Test("an open time that nobody declared is not held against a breaker, and is when it is declared")
    func undeclaredOpenTime() throws {
        var transcript = Transcript()
        for second in [0, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13] { transcript.call(Double(second)) }
        for second in 14..<19 { transcript.call(Double(second), 503) }
        for probe in 1...40 { transcript.call(18 + 6 * Double(probe), 503) }
        let ruling = try transcript.ruling(#"{"breaker": {}}"#)
        #expect(ruling.judgement == .inconclusive && ruling.because.contains("none is declared"), "\(ruling.because)")
        let declared = try transcript.ruling(#"{"breaker": {"preset": "circuitbreaker"}}"#)
        #expect(declared.judgement == .fail, "\(declared.because)")
    }

    @Test("callers of different agents and spaces have breakers of their own")
    func callers() throws {
        var transcript = Transcript()
        for second in 0..<12 {
            transcript.call(Double(second), 503) { $0.agent = second % 3 == 0 ? "a" : "b" }
            transcript.call(Double(second) + 0.5, 200) { ($0.agent, $0.space) = ("a", "other") }
        }
        let results = try transcript.findings(Self.five).results
        #expect(results.map { "\($0.by ?? "") \($0.space)" } == ["a ", "a other", "b "])
        #expect(results.map(\.ruling.judgement) == [.inconclusive, .inconclusive, .fail])
    }

    @Test(
        "a caller that makes one call at once after the other is judged without grace, also by a clock that stands still",
        arguments: [0.0, 0.003], [(5, Judgement.pass), (6, .fail), (8, .fail), (20, .fail)])
    func sequential(gap: Double, made: (calls: Int, judgement: Judgement)) throws {
        var transcript = Transcript()
        for call in 0..<made.calls { transcript.call(Double(call) * (gap + 0.002), 503, took: gap == 0 ? 0 : 0.002) }
        let rule = #"{"breaker": {"opensAfter": 5, "openFor": "60s", "probes": 1}}"#
        transcript.advance(60)
        transcript.call(0.2 + Double(made.calls) * 0.01)
        let ruling = try transcript.ruling(rule)
        #expect(ruling.judgement == made.judgement, "\(ruling)")
        if made.judgement == .fail { #expect(ruling.figure("opensAfter") == String(made.calls), "\(ruling)") }
    }
}
