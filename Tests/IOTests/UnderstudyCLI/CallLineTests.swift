import JSON
import Journal
import Support
import Testing
import Time

@testable import UnderstudyCLI

@Suite("A call in a line") struct CallLineTests {
    private func call(_ change: (inout EndedCall) -> Void = { _ in }) -> EndedCall {
        var call = SampleCall.full(12)
        (call.auth, call.faults) = (Call.Auth(scheme: "sigv4", verdict: .allowed), [])
        (call.session, call.why, call.isUnmatched) = (nil, nil, false)
        call.arrived = Instant(nanoseconds: 1_768_478_400_123_456_789)
        change(&call)
        return call
    }

    @Test("time, number, status, operation, agent, how long, rule")
    func completed() {
        #expect(
            CallLine(call().record).text()
                == "2026-01-15T12:00:00.123Z  #12  200  InvokeAgentRuntime  restaurant_search_agent-ABCDEFGHIJ  1.200 ms  “sushi”"
        )
        #expect(
            CallLine(call().record).text(withDate: false)
                == "12:00:00.123  #12  200  InvokeAgentRuntime  restaurant_search_agent-ABCDEFGHIJ  1.200 ms  “sushi”")
    }

    @Test("its space, session and attempt, and the faults that were to strike")
    func circumstances() {
        let retried = call {
            ($0.space, $0.session) = ("w1", "s-1")
            $0.request = SampleCall.request(fields: [("amz-sdk-request", "attempt=2; max=3")])
            $0.faults = [
                .init(name: "slow", fault: "latency"),
                .init(name: "cut", fault: "close", isApplied: false, why: "no frames"),
            ]
        }
        let expected =
            "restaurant_search_agent-ABCDEFGHIJ  space w1  session s-1  attempt 2  1.200 ms  “sushi”  "
            + "fault slow, cut (not applied: no frames)"
        #expect(CallLine(retried.record).text().hasSuffix(expected))
        #expect(CallLine(retried.record.json).text().hasSuffix(expected))
        // A log knows no headers.
        var summary = retried.record
        summary.arrival = summary.arrival.lowerBound..<CallEvent(arrivalOf: retried.call).shortCount
        #expect(CallLine(summary).attempt == 2)
        let nowhere = call { ($0.rule, $0.auth, $0.why) = (nil, nil, "No operation answers GET /x.") }
        #expect(CallLine(nowhere.record).text().hasSuffix("1.200 ms  No operation answers GET /x."))
    }

    @Test("a call and its JSON are the same line")
    func both() {
        let calls = [
            call(), SampleCall.bare(1), SampleCall.full(2), SampleCall.streaming(3),
            call { $0.ending?.outcome = .clientClosed }, call { $0.ending?.ended = 918_418 },
        ]
        for call in calls { #expect(CallLine(call.record.json) == CallLine(call.record)) }
    }

    @Test("why it was refused, and how it ended when not as it should")
    func endings() {
        let refused = call {
            $0.auth = Call.Auth(scheme: "sigv4", verdict: .refused, why: "no\nmore")
            $0.ending?.outcome = .reset
        }
        #expect(CallLine(refused.record).text().hasSuffix("“sushi”  no …  reset"))
        let running = call { $0.ending = nil }
        #expect(CallLine(running.record).text().hasSuffix("“sushi”  running"))
        let lost = call { ($0.reply, $0.operation) = (nil, nil) }
        #expect(CallLine(lost.record).text().contains("  …  POST /runtimes/a/invocations  "))
    }

    @Test("the status has a colour where colours are wanted")
    func colours() {
        let paint = { (text: String, code: String) in "<\(code)>\(text)" }
        #expect(CallLine(call().record).text(coloured: paint).contains("  <32>200  "))
        let refused = call { $0.reply?.status = 403 }
        #expect(CallLine(refused.record).text(coloured: paint).contains("  <31>403  "))
    }

    @Test(
        "nothing in a call commands the terminal or begins a line",
        arguments: [
            ("a\u{1B}[2Jb", "a\u{FFFD}[2Jb"), ("a\r\nb", "a …"), ("\u{9B}x", "\u{FFFD}x"), ("\u{202E}x", "\u{FFFD}x"),
            ("tab\tx", "tab\u{FFFD}x"), ("é🎉", "é🎉"), ("", ""),
        ])
    func hostile(text: String, expected: String) {
        #expect(CallLine.shown(text) == expected)
        let hostile = call { ($0.agent, $0.rule, $0.operation) = (text, text, text) }
        let line = CallLine(hostile.record).text()
        #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x9B && $0.value != 0x202E })
    }

    @Test(
        "milliseconds have three digits, rounded",
        arguments: [
            (0, "0.000"), (499, "0.000"), (500, "0.001"), (918_418, "0.918"), (1_200_000, "1.200"),
            (999_999_600, "1000.000"),
            (-5, "0.000"), (Int64.max, "9223372036854.776"), (.min, "0.000"),
        ] as [(Int64, String)])
    func milliseconds(nanoseconds: Int64, text: String) {
        #expect(CallLine.milliseconds(nanoseconds) == text)
    }

    @Test("JSON that is no call is a line all the same")
    func strangers() {
        #expect(CallLine([:]).text().contains("#0"))
        #expect(CallLine(["ended": .number("1e400"), "number": "x"]).ended == nil)
        #expect(CallLine(["ended": .number("1e300")]).ended == nil)
    }
}

@Suite("Printing calls") struct CallPrinterTests {
    private func printed(isJSON: Bool, _ work: (CallPrinter) throws -> Void) rethrows -> String {
        let said = Gathered<[UInt8]>()
        let console = Console { _, bytes in
            said.add(bytes)
            return 0
        }
        try work(CallPrinter(isJSON: isJSON, console: console))
        return String(decoding: said.all.joined(), as: UTF8.self)
    }

    @Test("for programs, the call as the control API has it, on one line")
    func json() throws {
        let call = SampleCall.full(1).record
        for text in [
            try printed(isJSON: true) { try $0.print(call) }, try printed(isJSON: true) { try $0.print(call.json) },
        ] {
            #expect(text == call.json.json() + "\n")
            #expect(text.split(separator: "\n").count == 1)
        }
    }

    @Test("for people, a line")
    func text() throws {
        let call = SampleCall.full(1).record
        #expect(try printed(isJSON: false) { try $0.print(call) } == CallLine(call).text() + "\n")
        #expect(try printed(isJSON: false) { try $0.print(call.json) } == CallLine(call).text() + "\n")
    }

    @Test("nobody reads: that is told to whoever prints")
    func nobodyReads() {
        let printer = CallPrinter(isJSON: false, console: Console { _, _ in 32 })
        #expect(throws: Failure.nobodyReads) { try printer.print(SampleCall.bare(1).record) }
    }
}
