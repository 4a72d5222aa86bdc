import Delivery
import JSON
import Support
import Testing
import Time

@testable import ControlAPI

@Suite("Verifying over the control API") struct VerifyingTests {
    private let twoCalls = #"{"within": "1s", "expect": [{"calls": {"count": 2}}]}"#

    @Test("the verdict of what was called, whichever it is, with 200")
    func verdicts() throws {
        let stage = try ControlStage()
        for _ in 0..<2 { stage.end(try stage.callNumber()) }
        let (status, answer) = stage.verified(twoCalls, at: 0)
        #expect(status == 200 && answer["verdict"] == "pass")
        let result = try #require(answer["results"]?[0])
        #expect(result["name"] == "calls" && result["kind"] == "calls" && result["verdict"] == "pass")
        #expect(result["because"] == "2 calls were made, 2 expected" && result["calls"] == [1, 2])
        #expect(result["figures"]?["count"] == 2)
        stage.end(try stage.callNumber())
        #expect(stage.verified(twoCalls, at: 0).1["verdict"] == "fail")
        #expect(stage.verified(#"{"expect": [{"breaker": {}}]}"#, at: 0).1["verdict"] == "inconclusive")
    }

    @Test("a wrong expectation is refused with every mistake, also one whose match can fit nothing of the library")
    func mistakes() throws {
        let stage = try ControlStage()
        let body = """
            {"expect": [{"calls": {"match": {"rule": "sushi"}, "count": -1}},
                        {"brekaer": {}}]}
            """
        let (status, answer) = stage.control("POST", "verify", body)
        #expect(status == 400)
        let mistakes = (answer["mistakes"]?.array ?? []).compactMap(\.text)
        #expect(mistakes.count == 3, "\(mistakes)")
        #expect(
            mistakes[0]
                == #"body:1:42: expect[0].calls.match.rule: "sushi" can fit no rule of the library; there are rules[0]"#
        )
        #expect(mistakes[2].hasPrefix("body:2:13: expect[1]: there is no expectation here"))
        for wrong in ["", "[]", "{}", #"{"expect": []}"#, #"{"expect": [{"calls": {"count": 1}}], "whithin": "1s"}"#] {
            #expect(stage.control("POST", "verify", wrong).0 == 400, "\(wrong)")
        }
    }

    @Test("calls in flight are waited for; what arrives meanwhile is not judged")
    func inFlight() throws {
        let stage = try ControlStage()
        let (first, second) = (try stage.callNumber(), try stage.callNumber())
        stage.end(first)
        var source = try #require(stage.reply("POST", "verify", twoCalls).source)
        #expect(Self.waits(&source, now: 0) == 1_000_000_000)
        stage.end(try stage.callNumber())
        #expect(Self.waits(&source, now: 5) == 1_000_000_000)
        stage.end(second)
        #expect(Self.answer(&source, now: 6)?["verdict"] == "pass")
    }

    @Test("when their time is over, it is inconclusive; too many calls are too many all the same")
    func overdue() throws {
        let stage = try ControlStage()
        stage.end(try stage.callNumber())
        try stage.call()
        let open = stage.verified(twoCalls, at: 1_000_000_000).1
        #expect(open["verdict"] == "inconclusive")
        #expect(open["results"]?[0]?["because"] == "1 call is still in flight; so far: 2 calls were made, 2 expected")
        try stage.call()
        #expect(stage.verified(twoCalls, at: 1_000_000_000).1["verdict"] == "fail")
        try stage.call()
        let few = #"{"within": "1s", "expect": [{"calls": {"count": 9}}]}"#
        #expect(stage.verified(few, at: 1_000_000_000).1["verdict"] == "inconclusive")
    }

    @Test("a space's address judges its calls alone, and two spaces are two results")
    func spaces() throws {
        let stage = try ControlStage()
        stage.end(try stage.callNumber("/_space/a"))
        for _ in 0..<2 { stage.end(try stage.callNumber("/_space/b")) }
        let both = stage.verified(twoCalls, at: 0).1
        #expect(both["results"]?.array?.compactMap { $0["space"]?.text } == ["a", "b"])
        #expect(both["results"]?.array?.compactMap { $0["verdict"]?.text } == ["fail", "pass"])
        #expect(stage.verified(twoCalls, "X-Understudy-Space: b\r\n", at: 0).1["verdict"] == "pass")
    }

    @Test("what was added to a space's clock has passed")
    func clock() throws {
        let stage = try ControlStage()
        stage.end(try stage.callNumber())
        let quiet = #"{"expect": [{"quiet": {"from": 1, "for": "60s"}}]}"#
        #expect(stage.verified(quiet, at: 0).1["verdict"] == "inconclusive")
        _ = stage.control("PUT", "clock", #"{"advance": "61s"}"#)
        #expect(stage.verified(quiet, at: 0).1["verdict"] == "pass")
    }

    private static func waits(_ source: inout any ControlSource, now: Int64) -> Int64? {
        for _ in 0..<100 {
            guard case .waits(let until) = source.next(now: now) else { return nil }
            if until > now { return until }
        }
        return nil
    }

    private static func answer(_ source: inout any ControlSource, now: Int64) -> Value? {
        for _ in 0..<100 {
            guard case .steps(let steps) = source.next(now: now) else { continue }
            return try? Value.parse(ControlStage.parts(of: steps).body)
        }
        return nil
    }
}

extension ControlStage {
    /// Makes a call and tells its number.
    func callNumber(_ space: String = "") throws -> Int {
        try call(space + "/runtimes/a_a-ABCDEFGHIJ/invocations?accountId=123456789012")
        return journal.log.newest ?? 0
    }

    func end(_ number: Int) {
        journal.ended(number, Report(outcome: .completed, firstByte: 1, ended: 2))
    }

    func verified(_ body: String, _ fields: String = "", at moment: Int64) -> (Int, Value) {
        answered("verify", body, fields, at: moment)
    }
}
