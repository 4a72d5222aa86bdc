import Fields
import JSON
import Runtime
import Testing

@testable import Faults

@Suite("One call") struct OneCallTests {
    private func entries(_ text: String) throws -> [String] {
        try OneCall.read(text).map { $0.written.json(.spaced) }
    }

    private func mistake(_ text: String) -> String {
        do throws(Mistake) {
            _ = try OneCall.read(text)
            return ""
        } catch {
            return error.description
        }
    }

    @Test(
        "faults with commas, parameters with semicolons",
        arguments: [
            ("reset; at=frame 3", [#"{"fault": "reset", "at": "frame 3"}"#]),
            ("hang", [#"{"fault": "hang"}"#]),
            (
                "latency;delay=2s , \treset ;at = byte 9",
                [#"{"fault": "latency", "delay": "2s"}"#, #"{"fault": "reset", "at": "byte 9"}"#]
            ),
            (
                #"error; status=503; message="a, \"b\"; c"; headers.X-One=1"#,
                [#"{"fault": "error", "status": 503, "message": "a, \"b\"; c", "headers": {"X-One": 1}}"#]
            ),
            (
                "latency; lognormal.median=1s; lognormal.p99=4s; at=end",
                [#"{"fault": "latency", "lognormal": {"median": "1s", "p99": "4s"}, "at": "end"}"#]
            ),
            ("corrupt; split-utf8", [#"{"fault": "corrupt", "split-utf8": true}"#]),
            (#"error; message="503"; status=503"#, [#"{"fault": "error", "message": "503", "status": 503}"#]),
            ("key-rotation; keepOld=true", [#"{"fault": "key-rotation", "keepOld": true}"#]),
            ("clock-skew; offset=-6m", [#"{"fault": "clock-skew", "offset": "-6m"}"#]),
        ])
    func read(text: String, expected: [String]) throws {
        #expect(try entries(text) == expected)
    }

    @Test(
        "what is not understood is an error, and says why",
        arguments: [
            ("", "expected a fault, found the end; write for example: reset; at=frame 3"),
            ("reset,", "expected a fault, found the end; write for example: reset; at=frame 3"),
            ("reset;", #"expected a parameter of "reset", found the end; write for example: reset; at=frame 3"#),
            (";", #"expected a fault, found ";"; write for example: reset; at=frame 3"#),
            ("reset at=1", #""at=1" is not understood"#),
            ("reset; at=", #""at" has no value that can be read"#),
            (#"error; message="abc"#, #"the text of "message" does not end"#),
            (#"error; message="a\"#, #"the text of "message" does not end"#),
            (#"error; message="a" b"#, #""b" is not understood"#),
            ("reset; at=frame 1; at=frame 2", #"reset: "at" stands there twice"#),
            ("latency; spike=1; spike.to=2s", #"latency: "spike.to" stands there twice"#),
            ("latency; spike.to=2s; spike=1", #"latency: "spike" stands there twice"#),
            (Array(repeating: "hang", count: 17).joined(separator: ","), "more than 16 faults for one call"),
        ])
    func refused(text: String, expected: String) {
        #expect(mistake(text) == expected)
    }

    @Test("every beginning of a value is read or refused, and nothing crashes")
    func everyPrefix() {
        let text = #"latency; lognormal.median=1s; at="en\d", reset; at=frame 3, corrupt; split-utf8"#
        for end in text.indices { _ = mistake(String(text[..<end])) }
    }

    @Test("a call's own faults strike it, in their order, after those that are armed")
    func strikes() throws {
        var book = try Bending.book(#"{"fault": "latency", "delay": "1s"}"#)
        var strikes = book.decide(Bending.candidate())
        strikes.append(try book.strikes(named: "stall; frames=1; for=2s, close; at=frame 2", Bending.candidate()).get())
        let bent = strikes.bend(Bending.stream, protocol: .http)
        #expect(
            Bending.transcript(bent) == [
                "wait 1s", "head 200", "1100ms data: one⏎⏎", "3200ms data: two⏎⏎", "close",
            ])
        #expect(strikes.entries.map(\.text) == ["latency", "stall", "close"])
    }

    @Test("a fault with a condition of its own strikes all the same")
    func conditions() throws {
        var book = try Bending.book()
        var strikes = try book.strikes(named: "throttle; rate=100/s", Bending.candidate()).get()
        #expect(strikes.takeRefusal(to: Caller())?.answer.status == 429)
    }

    @Test("what the fault cannot take is refused as in a file; a fault of the issuer is none of one call")
    func mistakes() throws {
        var book = try Bending.book()
        for (text, expected) in [
            (
                "reset; at=frme 3",
                #"reset.at: "frme 3" is no place to cut at; there are "accept", "request", "headers", "frame 3", "byte 120""#
            ),
            ("resett", #"resett.fault: "resett" is no fault; did you mean "reset"?"#),
            ("hang; on=1", #"hang.on: "on" is no parameter of "hang"; it takes "for""#),
            ("jwks-outage", #""jwks-outage" is a fault of the issuer, not of one call"#),
        ] {
            guard case .failure(let mistakes) = book.strikes(named: text, Bending.candidate()) else {
                Issue.record("\(text) was taken")
                continue
            }
            #expect(mistakes.description == expected)
        }
    }

    @Test("the same calls draw the same, one after another different things")
    func draws() throws {
        func delays() throws -> [[String]] {
            var book = try Bending.book()
            return try (0..<3).map { _ in
                var strikes = try book.strikes(named: "latency; uniform.min=1s; uniform.max=9s", Bending.candidate())
                    .get()
                return Bending.transcript(strikes.bend(Bending.json, protocol: .http))
            }
        }
        #expect(try delays() == delays())
        #expect(try Set(delays()).count == 3)
    }
}
