import Testing
import Verdicts

@Suite("Token refresh") struct TokenRefreshTests {
    private static let rule = #"{"tokenRefresh": {"within": "5s", "refreshes": {"max": 1}, "retries": {"max": 1}}}"#

    private func refused(_ transcript: inout Transcript, _ at: Double, _ token: String, payload: UInt64 = 7) {
        transcript.call(at, 403) {
            ($0.principal, $0.token, $0.refusal, $0.payload) = ("anna", .init(id: token), .token, payload)
        }
    }

    private func answered(_ transcript: inout Transcript, _ at: Double, _ token: String, payload: UInt64 = 7) {
        transcript.call(at) { ($0.principal, $0.token, $0.payload) = ("anna", .init(id: token), payload) }
    }

    private func issued(_ transcript: inout Transcript, _ at: Double) {
        transcript.call(at) { ($0.principal, $0.isIssuer, $0.agent, $0.session) = ("anna", true, nil, nil) }
    }

    @Test("refused, refreshed once, tried again with the new token: as it should be")
    func right() throws {
        var transcript = Transcript()
        answered(&transcript, 0, "a", payload: 1)
        refused(&transcript, 10, "a")
        issued(&transcript, 10.1)
        answered(&transcript, 10.3, "b")
        answered(&transcript, 11, "b", payload: 2)
        let ruling = try transcript.ruling(Self.rule, at: 60)
        #expect(ruling.judgement == .pass)
        #expect(ruling.figure("refreshes") == "1" && ruling.figure("retries") == "1")
    }

    @Test("concurrent callers share one refresh; each with its own is a stampede")
    func stampede() throws {
        for refreshes in [1, 3] {
            var transcript = Transcript()
            for caller in 0..<3 { refused(&transcript, 10 + Double(caller) / 100, "a", payload: UInt64(caller)) }
            for refresh in 0..<refreshes { issued(&transcript, 10.1 + Double(refresh) / 100) }
            for caller in 0..<3 { answered(&transcript, 10.3 + Double(caller) / 100, "b", payload: UInt64(caller)) }
            let ruling = try transcript.ruling(Self.rule, at: 60)
            #expect(ruling.judgement == (refreshes == 1 ? .pass : .fail), "\(ruling.because)")
            #expect(ruling.figure("refreshes") == "\(refreshes)")
        }
    }

    @Test("the old token again, a loop, no retry, a late one, and a refresh before every call are each named")
    func defects() throws {
        var old = Transcript()
        refused(&old, 10, "a")
        refused(&old, 10.5, "a")
        var loop = Transcript()
        for (turn, token) in ["a", "b", "c", "d"].enumerated() { refused(&loop, 10 + Double(turn), token) }
        var gone = Transcript()
        refused(&gone, 10, "a")
        answered(&gone, 30, "b", payload: 9)
        var late = Transcript()
        refused(&late, 10, "a")
        answered(&late, 18, "b")
        var eager = Transcript()
        for turn in 0..<8 {
            eager.call(Double(turn)) {
                $0.principal = "anna"
                $0.token = .init(
                    id: "t\(turn)", issuedAt: $0.arrived.clock, expires: Transcript.instant(3_600 + Double(turn)))
            }
        }
        for (transcript, reason) in [
            (old, "had been refused"), (loop, "tried again"), (gone, "not tried again"), (late, "after the refusal"),
            (eager, "before every call"),
        ] {
            let ruling = try transcript.ruling(Self.rule, at: 100)
            #expect(ruling.judgement == .fail)
            #expect(ruling.because.contains(reason), "\(ruling.because)")
        }
    }

    @Test("nothing refused is nothing shown, and a refusal just now is undecided")
    func undecided() throws {
        var calm = Transcript()
        answered(&calm, 0, "a")
        #expect(try calm.ruling(Self.rule, at: 60).judgement == .inconclusive)
        var recent = Transcript()
        refused(&recent, 10, "a")
        #expect(try recent.ruling(Self.rule, at: 12).judgement == .inconclusive)
        #expect(try recent.ruling(Self.rule, at: 16).judgement == .fail)
    }
}
