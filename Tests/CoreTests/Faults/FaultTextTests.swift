import Fields
import JSON
import Support
import Testing

@testable import Faults

@Suite("Faults as they are typed") struct FaultTextTests {
    private func read(_ text: String) throws -> String {
        try FaultText.read(text, atMost: 9).map { $0.written.json(.spaced) }.joined(separator: " ")
    }

    @Test("every member of a fault can be typed, also its name and when it strikes")
    func members() throws {
        #expect(
            try read(#"latency; delay=2s; name=slow; agent=*search*; on.calls="1, 4-5"; on.perSession"#)
                == #"{"fault": "latency", "delay": "2s", "name": "slow", "agent": "*search*", "#
                + #""on": {"calls": "1, 4-5", "perSession": true}}"#)
    }

    @Test("reading stops behind the most that may stand there")
    func most() throws {
        #expect(try FaultText.read("hang, reset; at=accept, ???", atMost: 1).map(\.fault) == ["hang", "reset"])
        #expect(throws: Mistake.self) { try FaultText.read("hang, ???", atMost: 1) }
    }

    @Test(
        "a fault is written as it would be typed",
        arguments: [
            (#"{"fault": "hang"}"#, "hang"),
            (#"{"at": "frame 3", "fault": "reset"}"#, "reset; at=frame 3"),
            (#"{"fault": "error", "status": 503, "message": "503"}"#, #"error; status=503; message="503""#),
            (#"{"fault": "x", "a": true, "b": false, "c": "true"}"#, #"x; a; b=false; c="true""#),
            (#"{"fault": "x", "m": "a, b; c"}"#, #"x; m="a, b; c""#),
            (#"{"fault": "x", "m": "say \"no\" \\"}"#, #"x; m=say "no" \"#),
            (#"{"fault": "x", "m": "\"no\""}"#, #"x; m="\"no\"""#),
            (#"{"fault": "x", "m": " a", "n": "", "o": "a "}"#, #"x; m=" a"; n=""; o="a ""#),
            (
                #"{"fault": "latency", "lognormal": {"median": "1s", "p99": "4s"}}"#,
                "latency; lognormal.median=1s; lognormal.p99=4s"
            ),
        ])
    func writing(json: String, text: String) throws {
        let fault = try Value.parse(json)
        #expect(FaultText.write(fault) == text)
        #expect(try FaultText.read(text, atMost: 1).first?.written.object == fault.object)
    }

    @Test(
        "what cannot be typed is not written",
        arguments: [
            #"{"fault": "a b"}"#, "{}", #"{"fault": "x", "m": null}"#, #"{"fault": "x", "m": [1]}"#,
            #"{"fault": "x", "m": {}}"#, #"{"fault": "x", "a.b": 1}"#, #"{"fault": "x", "m": {"a b": 1}}"#,
            #"{"fault": "x", "": 1}"#,
        ])
    func unwritable(json: String) throws {
        #expect(FaultText.write(try Value.parse(json)) == nil)
    }

    @Test("what is written is read as the same")
    func roundTrip() throws {
        let seed: UInt64 = 5
        var chance = SeededGenerator(seed: seed)
        let pieces = ["a", " ", ";", ",", "\"", "\\", "=", "1", ".5", "true", "ü🍣", "{", "-", "\t"]
        for round in 0..<2_000 {
            let count = Int.random(in: 0...4, using: &chance)
            let text = (0..<count).map { _ in pieces.randomElement(using: &chance) ?? "" }.joined()
            let fault: Value = ["fault": "x", "m": .string(text), "o": ["p": .string(text), "q": 1], "z": true]
            let written = try #require(FaultText.write(fault))
            let found = try FaultText.read(written, atMost: 1).first?.written
            #expect(found == fault, "seed \(seed), round \(round): \(written)")
        }
    }
}

extension Value {
    /// Members in the order of their names.
    fileprivate var object: [Member] { (members ?? []).sorted { $0.name < $1.name } }
}
