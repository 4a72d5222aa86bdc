import Testing
import Time
import VerdictSimulation

@testable import Verdicts

@Suite("Counts, order, quiet, streams, sessions, repetitions") struct SmallExpectationsTests {
    @Test("calls are counted, and none is a count")
    func calls() throws {
        var transcript = Transcript()
        transcript.call(0)
        transcript.call(1, 503)
        #expect(try transcript.ruling(#"{"calls": {"count": 2}}"#).judgement == .pass)
        #expect(try transcript.ruling(#"{"calls": {"count": {"max": 1}}}"#).judgement == .fail)
        #expect(try transcript.ruling(#"{"calls": {"match": {"status": "5xx"}, "count": 1}}"#).calls == [2])
        #expect(try transcript.ruling(#"{"calls": {"match": {"agent": "pdf"}, "count": 0}}"#).judgement == .pass)
        #expect(try transcript.ruling(#"{"calls": {"match": {"agent": "pdf"}, "count": 1}}"#).judgement == .fail)
        #expect(
            try transcript.ruling(#"{"amplification": {"match": {"agent": "pdf"}, "max": 1}}"#).judgement
                == .inconclusive)
    }

    @Test("a call in flight counts as an arrival; of its answer nothing is said")
    func inFlight() throws {
        var transcript = Transcript()
        transcript.call(0)
        transcript.call(1) { $0.ended = nil }
        #expect(try transcript.ruling(#"{"calls": {"count": {"max": 1}}}"#).judgement == .fail)
        let answers = try transcript.ruling(#"{"calls": {"match": {"status": 200}, "count": 1}}"#)
        #expect(answers.judgement == .inconclusive && answers.because.hasPrefix("1 call is still in flight"))
        #expect(try transcript.ruling(#"{"calls": {"match": {"status": 200}, "count": 0}}"#).judgement == .fail)
    }

    @Test("the order is that of first arrivals")
    func order() throws {
        var transcript = Transcript()
        for (at, agent) in [(0.0, "pdf"), (1, "extract"), (2, "pdf")] { transcript.call(at) { $0.agent = agent } }
        let right = try transcript.ruling(#"{"order": [{"agent": "pdf"}, {"agent": "extract"}]}"#)
        #expect(right.judgement == .pass && right.calls == [1, 2])
        #expect(try transcript.ruling(#"{"order": [{"agent": "extract"}, {"agent": "pdf"}]}"#).judgement == .fail)
        #expect(try transcript.ruling(#"{"order": [{"agent": "pdf"}, {"agent": "mail"}]}"#).judgement == .inconclusive)
    }

    @Test("quiet from a moment, a call and a trip")
    func quiet() throws {
        var transcript = Transcript()
        for second in 0..<5 { transcript.call(Double(second), 503) }
        transcript.call(70)
        #expect(try transcript.ruling(#"{"quiet": {"from": 5, "for": "60s"}}"#, at: 100).judgement == .pass)
        #expect(try transcript.ruling(#"{"quiet": {"from": "trip", "for": "60s"}}"#, at: 100).judgement == .pass)
        let early = try transcript.ruling(#"{"quiet": {"from": "trip", "for": "70s"}}"#, at: 100)
        #expect(early.judgement == .fail && early.calls == [6])
        #expect(try transcript.ruling(#"{"quiet": {"from": 6, "for": "60s"}}"#, at: 100).judgement == .inconclusive)
        let moment = Transcript.instant(10).rfc3339
        #expect(try transcript.ruling(#"{"quiet": {"from": "\#(moment)", "for": "60s"}}"#, at: 100).judgement == .pass)
        let rule = #"{"breaker": {"opensAfter": 3, "openFor": "60s"}}, {"quiet": {"from": "trip", "for": "2s"}}"#
        #expect(try transcript.findings(rule, at: 100).results.last?.ruling.judgement == .fail)
    }

    @Test("attempts for each invocation, and the herd that retries make")
    func amplification() throws {
        var calm = Transcript()
        var herd = Transcript()
        for story in 0..<40 {
            for attempt in 1...2 {
                calm.call(Double(story) * 1.37 + Double(attempt - 1) * 0.61, attempt == 1 ? 503 : 200) {
                    $0.invocation = .init(id: "\(story)", attempt: attempt)
                }
            }
        }
        for attempt in 1...2 {
            for story in 0..<40 {
                herd.call(Double(attempt) * 5 + Double(story) / 1_000, attempt == 1 ? 503 : 200) {
                    $0.invocation = .init(id: "\(story)", attempt: attempt)
                }
            }
        }
        herd.call(20, 503) { $0.invocation = .init(id: "last", attempt: 1) }
        herd.call(20.5) { $0.invocation = .init(id: "last", attempt: 2) }
        let two = try calm.ruling(#"{"amplification": {"max": 2}}"#)
        #expect(two.judgement == .pass && two.figure("amplification") == "2")
        #expect(try calm.ruling(#"{"amplification": {"max": 1.2}}"#).judgement == .fail)
        let calmIndex = try #require(two.figure("herd").flatMap(Double.init))
        let index = try #require(try herd.ruling(#"{"amplification": {"max": 2}}"#).figure("herd").flatMap(Double.init))
        #expect(calmIndex < 1.5 && index > 20, "\(calmIndex), \(index)")
        #expect(try herd.ruling(#"{"amplification": {"max": 2, "herd": 5}}"#).judgement == .fail)
    }

    @Test("after a cut the client asks again, or asks no more")
    func cut() throws {
        let retry = #"{"stream": {"after": "cut", "does": "retry", "within": "10s"}}"#
        let accept = #"{"stream": {"after": "cut", "does": "accept", "within": "10s"}}"#
        var again = Transcript()
        again.call(0, outcome: .reset) { $0.payload = 1 }
        #expect(try again.ruling(retry, at: 5).judgement == .inconclusive)
        #expect(try again.ruling(retry, at: 15).judgement == .fail)
        #expect(try again.ruling(accept, at: 15).judgement == .pass)
        again.call(3) { $0.payload = 1 }
        #expect(try again.ruling(retry, at: 15).judgement == .pass)
        let wrong = try again.ruling(accept, at: 15)
        #expect(wrong.judgement == .fail && wrong.because.contains("asked again where it should accept"))
    }

    @Test("at a stall the client hangs on, or gives up after so long a silence")
    func stall() throws {
        var transcript = Transcript()
        transcript.call(0, took: 40, outcome: .clientClosed) {
            ($0.faults, $0.lastByte) = (["stall"], Transcript.instant(2))
        }
        let gives = #"{"stream": {"after": "stall", "does": "give-up", "within": "60s"}}"#
        let ruling = try transcript.ruling(gives, at: 200)
        #expect(ruling.judgement == .pass && ruling.figure("longestSilence") == "38")
        #expect(
            try transcript.ruling(#"{"stream": {"after": "stall", "does": "wait", "within": "30s"}}"#, at: 200)
                .judgement == .pass)
        #expect(
            try transcript.ruling(#"{"stream": {"after": "stall", "does": "give-up", "within": "30s"}}"#, at: 200)
                .judgement == .fail)
    }

    @Test("calls without a session, users who change theirs, and sessions of two users")
    func sessions() throws {
        func ruling(_ calls: [(user: String, session: String?)], _ rule: String = "") throws -> [Judgement] {
            var transcript = Transcript()
            for (place, call) in calls.enumerated() {
                transcript.call(Double(place)) {
                    ($0.principal, $0.user, $0.session) = ("service", call.user, call.session)
                    $0.namesSession = call.session != nil
                }
            }
            return try transcript.findings(#"{"sessions": {\#(rule)}}"#).results.map(\.ruling.judgement)
        }
        #expect(try ruling([("anna", "a"), ("ben", "b"), ("anna", "a")]) == [.pass])
        #expect(try ruling([("anna", "a"), ("anna", nil)]) == [.fail])
        #expect(try ruling([("anna", "a"), ("anna", "b")]) == [.fail])
        #expect(try ruling([("anna", "a"), ("anna", "b")], #""changing": 1"#) == [.pass])
        #expect(try ruling([("anna", "a"), ("ben", "a")]) == [.fail])
        #expect(try ruling([("anna", "a"), ("ben", "a")], #""shared": 0, "by": "user""#) == [.pass, .fail])
    }

    @Test("who names no user is not one user: a person's token says who it is, a principal may act for many")
    func unnamedUsers() throws {
        func results(
            _ calls: [(principal: String?, session: String, hasToken: Bool)], _ rule: String = ""
        ) throws -> [Ruling] {
            var transcript = Transcript()
            for (place, call) in calls.enumerated() {
                transcript.call(Double(place)) {
                    ($0.principal, $0.session) = (call.principal, call.session)
                    if call.hasToken { $0.token = .init(id: "t") }
                }
            }
            return try transcript.findings(#"{"sessions": {"by": "none"\#(rule)}}"#).results.map(\.ruling)
        }
        for principal in ["role", nil] {
            let many = try results([(principal, "a", false), (principal, "b", false), (principal, "a", false)])
            #expect(many.map(\.judgement) == [.inconclusive] && many[0].calls == [2], "\(many)")
            #expect(many[0].because.contains("named no user") && many[0].figure("unnamed") == "1")
            #expect(
                try results([(principal, "a", false), (principal, "b", false)], #", "missing": 0, "shared": 0"#)
                    .map(\.judgement) == [.pass])
            #expect(try results([(principal, "a", false), (principal, "a", false)]).map(\.judgement) == [.pass])
        }
        #expect(try results([("anna", "a", true), ("anna", "b", true)]).map(\.judgement) == [.fail])
        #expect(try results([("anna", "a", true), ("ben", "b", true)]).map(\.judgement) == [.pass])
        #expect(try results([("role", "a", false), ("other", "a", false)]).map(\.judgement) == [.fail])
        #expect(try results([("role", "a", false), (nil, "a", false)]).map(\.judgement) == [.pass])
    }

    @Test("what was answered to its end is not done again")
    func idempotence() throws {
        let rule = #"{"idempotence": {"repeats": 0}}"#
        var transcript = Transcript()
        func call(_ at: Double, _ status: Int = 200, _ id: String, payload: UInt64 = 1) {
            transcript.call(at, status) { ($0.payload, $0.invocation) = (payload, .init(id: id, attempt: 1)) }
        }
        call(0, 503, "a")
        call(1, 200, "a")
        call(2, 200, "b", payload: 2)
        #expect(try transcript.ruling(rule).judgement == .pass)
        // An SDK gives what is asked once more another id: it ran twice all the same.
        call(3, 200, "c")
        let ruling = try transcript.ruling(rule)
        #expect(ruling.judgement == .fail && ruling.calls == [4])
        var guessed = Transcript()
        for at in 0..<2 { guessed.call(Double(at)) { $0.payload = 5 } }
        #expect(try guessed.ruling(rule).because.contains("the same payload in the same session"))
    }

    @Test("what is remembered of answered calls is bounded, however fast they come, and a figure says how long it was")
    func manyAnswered() throws {
        let examination = Examination(Trial.read(#"{"expect": [{"idempotence": {"repeats": 0}}]}"#))
        let start = Transcript.instant(0)
        func take(_ number: Int, _ payload: Int) {
            var call = ObservedCall(number: number, arrived: Moment(start + .milliseconds(number)))
            (call.payload, call.status, call.outcome) = (UInt64(payload), 200, .completed)
            call.ended = Moment(start + .milliseconds(number) + .microseconds(1))
            examination.take(call)
        }
        let most = Invocations.mostRemembered
        for number in 1...most + 2_000 { take(number, number) }
        // Of the first ones nothing is known any more, and of the latest all.
        take(most + 2_001, 5)
        take(most + 2_002, most)
        let ruling = try #require(
            examination.findings(at: Moment(start + .seconds(200))).results.first?.ruling)
        let seconds = try #require(ruling.figure("secondsRemembered").flatMap(Double.init))
        #expect(ruling.calls == [most + 2_002] && (99...101).contains(seconds), "\(ruling)")
    }

    @Test("the whole is fail when one is, else inconclusive when one is; as JSON, JUnit and text")
    func findings() throws {
        var transcript = Transcript()
        transcript.call(0) { $0.agent = "a<b>&\u{1B}[31m" }
        let one = #"{"name": "one \"&\"", "calls": {"count": 2}}"#
        let findings = try transcript.findings(one + #", {"calls": {"count": 1}}, {"backoff": {"policy": "none"}}"#)
        #expect(findings.judgement == .fail && findings.exitCode == 1)
        let json = findings.json.json()
        #expect(
            json.hasPrefix(#"{"verdict":"fail","results":[{"name":"one \"&\"","kind":"calls","space":"","by":"a<b>&"#))
        let junit = findings.junit(suite: "e.json")
        #expect(junit.contains(#"<testsuites tests="3" failures="1" errors="1">"#))
        #expect(junit.contains(#"name="one &quot;&amp;&quot; (a&lt;b&gt;&amp;"#))
        #expect(!junit.unicodeScalars.contains("\u{1B}"))
        let text = findings.text(width: 60, colour: false)
        #expect(text.contains("FAIL  one \"&\"") && !text.unicodeScalars.contains("\u{1B}"))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 60 }, "\(text)")
        #expect(findings.text(width: 60, colour: true).contains("\u{1B}[31mFAIL"))
    }
}
