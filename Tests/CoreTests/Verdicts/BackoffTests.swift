import Testing
import VerdictSimulation
import Verdicts

@Suite("Backoff") struct BackoffTests {
    /// Stories whose attempts all fail, with these waits between them.
    private func stories(
        _ waits: [[Double]], took: Double = 0.02, latency: Double = 0.003, guessed: Bool = false,
        _ change: (inout ObservedCall) -> Void = { _ in }
    ) -> Transcript {
        var transcript = Transcript()
        for (story, waits) in waits.enumerated() {
            var now = Double(story) * 600
            for attempt in 0...waits.count {
                transcript.call(now, 503, took: took) { call in
                    call.payload = UInt64(story)
                    if !guessed { call.invocation = .init(id: "i\(story)", attempt: attempt + 1, max: waits.count + 1) }
                    change(&call)
                }
                if attempt < waits.count { now += took + waits[attempt] + latency }
            }
        }
        return transcript
    }

    private let exponential = #"{"backoff": {"policy": "exponential", "base": "1s", "factor": 2, "cap": "30s"}}"#

    @Test("waits of the policy pass, with what was seen beside what the policy says")
    func right() throws {
        let ruling = try stories(Array(repeating: [1, 2, 4], count: 6)).ruling(exponential)
        #expect(ruling.judgement == .pass, "\(ruling.because)")
        #expect(ruling.figure("gaps") == "18" && ruling.figure("stories") == "6")
        #expect(ruling.figure("grouping") == #"{"sdk":6}"#)
        let waits = try #require(ruling.figure("waits"))
        #expect(waits.hasPrefix(#"[{"after":1,"count":6,"least":1.003,"median":1.003,"most":1.003,"from":1,"to":1}"#))
    }

    @Test("a gap counts from the end of the failed answer, however long that took")
    func slowAnswers() throws {
        let transcript = stories(Array(repeating: [1, 2, 4], count: 6), took: 25)
        #expect(try transcript.ruling(exponential).judgement == .pass)
    }

    @Test("one story says little, and the verdict names what it cannot exclude")
    func few() throws {
        let full = #"{"backoff": {"policy": "full-jitter", "base": "1s"}}"#
        let ruling = try stories([[0.4, 1.1]]).ruling(full)
        #expect(ruling.judgement == .inconclusive)
        #expect(ruling.because.contains("cannot yet tell it from"), "\(ruling.because)")
        #expect(try stories([[]]).ruling(full).judgement == .inconclusive)
    }

    @Test("too short, too long and no growth are named with the gap that shows it")
    func wrong() throws {
        let short = try stories(Array(repeating: [0.5, 1, 2], count: 6)).ruling(exponential)
        #expect(short.judgement == .fail && short.because.contains("shorter than exponential ever waits"))
        #expect(short.because.contains("call 2 after 503 ms, where 1 s is the least"), "\(short.because)")
        #expect(short.calls.contains(2))
        let long = try stories(Array(repeating: [3, 5, 9], count: 6)).ruling(exponential)
        #expect(long.judgement == .fail && long.because.contains("longer than exponential ever waits"))
        let flat = try stories(Array(repeating: [1, 1, 1], count: 6)).ruling(exponential)
        #expect(flat.judgement == .fail && flat.because.contains("fit constant better"), "\(flat.because)")
    }

    @Test("more attempts than declared, and fewer")
    func attempts() throws {
        let three = #"{"backoff": {"policy": "exponential", "base": "1s", "attempts": 3}}"#
        let many = try stories(Array(repeating: [1, 2, 4, 8], count: 5)).ruling(three)
        #expect(many.judgement == .fail && many.because.contains("3 attempts were declared and up to 5 were made"))
        let few = try stories(Array(repeating: [1], count: 8)).ruling(three, at: 10_000)
        #expect(few.judgement == .fail && few.because.contains("gave up before"), "\(few.because)")
        // No most, as nobody can count so far.
        for declared in [#"{"min": 3}"#, #"{"min": 3, "max": 9223372036854775807}"#] {
            let open = #"{"backoff": {"policy": "exponential", "base": "1s", "attempts": \#(declared)}}"#
            let ruling = try stories(Array(repeating: [1, 2, 4, 8], count: 30), guessed: true).ruling(open)
            #expect(ruling.judgement == .pass, "\(ruling.because)")
        }
    }

    @Test("a hint that was sent is waited for by whoever obeys it, and by nobody else")
    func hints() throws {
        let hinted: (inout ObservedCall) -> Void = { $0.hints = .init(retryAfter: 3, amzRetryAfter: 3) }
        func judged(_ waits: [Double], _ policy: String) throws -> Judgement {
            try stories(Array(repeating: waits, count: 12), hinted).ruling(#"{"backoff": {\#(policy)}}"#).judgement
        }
        let obeying = #""policy": "exponential", "base": "1s", "hints": "retry-after""#
        #expect(try judged([3, 3, 4], obeying) == .pass)
        #expect(try judged([1, 2, 4], obeying) == .fail)
        #expect(try judged([3, 3, 4], #""policy": "exponential", "base": "1s""#) == .fail)
        #expect(try judged([3, 3], #""policy": "botocore-standard-2026""#) == .pass)
        #expect(try judged([0.03, 0.07], #""policy": "botocore-standard-2026""#) == .fail)
    }

    @Test("the user agent says which policy to expect when none is declared")
    func expected() throws {
        let botocore = "Boto3/1.44.8 md/Botocore#1.44.8 ua/2.1 cfg/retry-mode#standard Botocore/1.44.8"
        let waits = (0..<20).map { [0.002 + Double($0) * 0.0024, 0.1 - Double($0) * 0.0048] }
        let ruling = try stories(waits) { $0.userAgent = botocore }.ruling(#"{"backoff": {}}"#)
        #expect(ruling.judgement == .pass, "\(ruling.because)")
        #expect(ruling.because.contains("botocore-standard-2026, which its user agent announces"))
        #expect(BackoffPolicy.expected(of: "aws-sdk-js/3.700.0 ua/2.1")?.word == "aws-js")
        #expect(BackoffPolicy.expected(of: "Botocore/1.43.1 cfg/retry-mode#standard")?.word == "botocore-standard")
        #expect(BackoffPolicy.expected(of: "Botocore/1.43.1 cfg/retry-mode#legacy")?.word == "botocore-legacy")
        let unknown = try stories(waits).ruling(#"{"backoff": {}}"#)
        #expect(unknown.judgement == .inconclusive && unknown.because.contains("fits best"), "\(unknown.because)")
    }

    @Test("without an SDK's id, session and payload group the attempts, and doubt is counted")
    func guessed() throws {
        let ruling = try stories(Array(repeating: [1, 2, 4], count: 6), guessed: true).ruling(exponential)
        #expect(ruling.judgement == .pass && ruling.figure("grouping") == #"{"guessed":6}"#, "\(ruling.because)")
        var twins = Transcript()
        for at in [0, 0.005, 1.02, 1.03, 3.1, 3.2] { twins.call(at, 503) { $0.payload = 1 } }
        let doubted = try twins.ruling(exponential)
        #expect(doubted.judgement == .inconclusive && doubted.figure("doubtful") == "2", "\(doubted.figures)")
    }

    private let three = #"{"backoff": {"policy": "exponential", "base": "1s", "attempts": 3}}"#

    @Test("a guessed story that is followed when a fourth attempt would come does not pass as three attempts")
    func guessedTooMany() throws {
        let many = stories(Array(repeating: [1, 2, 4], count: 12), guessed: true)
        let ruling = try many.ruling(three, at: 10_000)
        #expect(ruling.judgement == .fail && ruling.because.contains("3 attempts were declared"), "\(ruling.because)")
        #expect(ruling.calls.prefix(2) == [4, 8])
        let open = three.replacingOccurrences(#""attempts": 3"#, #""attempts": {"max": 3}"#)
        let doubted = try many.ruling(open, at: 10_000)
        #expect(doubted.judgement == .inconclusive)
        #expect(doubted.because.contains("12 of 12 stories"), "\(doubted.because)")
        let right = try stories(Array(repeating: [1, 2], count: 12), guessed: true).ruling(three, at: 10_000)
        #expect(right.judgement == .pass, "\(right.because)")
    }

    @Test("the same payload may be asked again after a story has ended, at any time", arguments: [0.5, 4, 60])
    func askedAgain(pause: Double) throws {
        let waits = Array(repeating: [1, 2, pause, 1, 2], count: 12)
        let ruling = try stories(waits, guessed: true).ruling(three, at: 10_000)
        #expect(ruling.judgement == .inconclusive, "\(ruling.because)")
    }

    @Test("the same policy with another parameter is named by it, and adaptive retries by their name")
    func words() throws {
        let shipped = try #require(BackoffPolicy.entry("stamina")?.policy)
        var declared = shipped
        declared.jitter = 5
        #expect(shipped.title(beside: declared) == "stamina with jitter 1 s")
        #expect(BackoffPolicy.entry("linear")?.policy.title(beside: declared) == "linear")
        let adaptive = "Botocore/1.44.8 cfg/retry-mode#adaptive"
        let ruling = try stories([[0.1]]) { $0.userAgent = adaptive }.ruling(#"{"backoff": {}}"#)
        #expect(ruling.judgement == .inconclusive && ruling.because.contains("adaptive retries"), "\(ruling.because)")
    }

    @Test("a refused token is no failure to back off from")
    func refreshes() throws {
        var transcript = Transcript()
        for story in 0..<10 {
            let begin = Double(story) * 10
            transcript.call(begin, 403) { ($0.payload, $0.refusal) = (UInt64(story), .token) }
            transcript.call(begin + 0.1) { $0.payload = UInt64(story) }
        }
        let ruling = try transcript.ruling(exponential)
        #expect(ruling.judgement == .inconclusive && ruling.figure("leftOut") == "10")
    }

    @Test("a key that the user names groups the attempts")
    func named() throws {
        var transcript = Transcript()
        for story in 0..<6 {
            var now = Double(story) * 0.001
            for wait in [1.003, 2.003, 4.003, 0] {
                transcript.call(now, 503, took: 0.01) {
                    ($0.payload, $0.headers) = (1, ["x-request": "r\(story)"])
                }
                now += 0.01 + wait
            }
        }
        var sorted = Transcript()
        for call in transcript.calls.sorted(by: { $0.arrived.real < $1.arrived.real }) {
            sorted.call(0, 503) { copy in
                let number = copy.number
                copy = call
                copy.number = number
            }
        }
        let story = exponential.replacingOccurrences(#""policy""#, #""story": "header:X-Request", "policy""#)
        let ruling = try sorted.ruling(story)
        #expect(ruling.judgement == .pass && ruling.figure("grouping") == #"{"named":6}"#, "\(ruling.because)")
    }
}

extension String {
    fileprivate func replacingOccurrences(_ part: String, _ other: String) -> String {
        guard let range = firstRange(of: part) else { return self }
        return String(self[..<range.lowerBound]) + other + self[range.upperBound...]
    }
}
