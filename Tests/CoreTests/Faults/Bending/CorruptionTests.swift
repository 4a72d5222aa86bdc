import Delivery
import HTTPWire
import JSON
import Testing

@testable import Faults

@Suite("Corruption") struct CorruptionTests {
    private func lines(_ kind: String, _ steps: [Step]) throws -> [String] {
        try Bending.bent(steps, by: #"{"fault": "corrupt", "kind": \#(kind)}"#).lines
    }

    private func journal(_ kind: String, _ steps: [Step]) throws -> String? {
        let bent = try Bending.bent(steps, by: #"{"fault": "corrupt", "kind": \#(kind)}"#)
        #expect(bent.steps == steps)
        return bent.journal.first
    }

    private let quoted = Bending.stream(["data: one\n\n", "data: {\"data\": \"H\u{E9}\"}\n\n", "data: \"x\"\n\n"])

    @Test("invalid-json: a body with the right length, or the first event that holds JSON")
    func invalidJSON() throws {
        #expect(try lines(#""invalid-json""#, Bending.json) == ["head 200, 7 bytes", #"body {"a": 1"#, "end"])
        #expect(try lines(#""invalid-json""#, quoted)[2] == "200ms data: {\"data\": \"H\u{E9}\"⏎⏎")
        #expect(try lines(#""invalid-json", "frame": 3"#, quoted)[3] == "300ms data: \"x⏎⏎")
        #expect(
            try journal(#""invalid-json""#, Bending.json("hello")) == "corrupt (not applied: the reply is not JSON)")
        #expect(
            try journal(#""invalid-json", "frame": 1"#, quoted)
                == "corrupt (not applied: frame 1 cannot be spoilt like this: the reply is not JSON)")
    }

    @Test("split-utf8: two pieces with a pause between, the cut inside a character")
    func splitUTF8() throws {
        let body = Bending.json("{\"a\": \"\u{E9}\"}")
        let bent = try Bending.bent(body, by: #"{"fault": "corrupt", "kind": "split-utf8", "pause": "1s"}"#)
        #expect(
            bent.steps == [
                Bending.head(.known(11)), .body(Array("{\"a\": \"".utf8) + [0xC3]), .wait(until: 1_000_000_000),
                .body([0xA9] + Array("\"}".utf8)), .end,
            ])
        let stream = try Bending.bent(quoted, by: #"{"fault": "corrupt", "kind": "split-utf8"}"#)
        let run = try #require(Bending.run(of: stream.steps))
        #expect(run.script.frames[1].bytes.last == 0xC3 && run.script.frames[2].bytes.first == 0xA9)
        #expect((0..<4).map(run.due) == [100_000_000, 200_000_000, 220_000_000, 320_000_000])
        #expect(
            try journal(#""split-utf8""#, Bending.stream)
                == "corrupt (not applied: the reply has no character of more than one byte to split)")
    }

    @Test("missing-blank-line: one event runs into the next")
    func missingBlankLine() throws {
        #expect(try lines(#""missing-blank-line""#, Bending.stream)[1] == "100ms data: one⏎")
        #expect(
            try journal(#""missing-blank-line""#, Bending.stream(["data: 1"]))
                == "corrupt (not applied: frame 1 does not end with a blank line)")
    }

    @Test("duplicate and reorder: the bytes move, the moments stay")
    func order() throws {
        #expect(
            try lines(#""duplicate", "frame": 3"#, Bending.stream).suffix(3) == [
                "300ms data: three⏎⏎", "300ms data: three⏎⏎", "end",
            ])
        #expect(
            try lines(#""reorder", "frame": 2"#, Bending.stream) == [
                "head 200", "100ms data: one⏎⏎", "200ms data: three⏎⏎", "300ms data: two⏎⏎", "end",
            ])
        #expect(
            try journal(#""reorder", "frame": 3"#, Bending.stream)
                == "corrupt (not applied: frame 3 is the last one: there is none to exchange it with)")
    }

    @Test("garbage: as many bytes as there were, and never UTF-8")
    func garbage() throws {
        let body = try Bending.bent(Bending.json, by: #"{"fault": "corrupt", "kind": "garbage"}"#).steps
        let noise = try #require(Bending.body(of: body))
        #expect(body[0] == Bending.head(.known(8)) && noise.count == 8 && noise[0] == 0xFF)
        let stream = try Bending.bent(Bending.stream, by: #"{"fault": "corrupt", "kind": "garbage", "frame": 2}"#)
        let run = try #require(Bending.run(of: stream.steps))
        #expect(run.script.frames.map(\.bytes.count) == [11, 11, 13])
        #expect(run.script.frames[1].bytes[0] == 0xFF && run.script.frames[0].bytes[0] != 0xFF)
        #expect(
            try journal(#""garbage""#, Bending.json(""))
                == "corrupt (not applied: the reply is no stream: it has no frames)")
    }

    @Test("wrong-length: a byte more than there is, or as many as told")
    func wrongLength() throws {
        #expect(try lines(#""wrong-length""#, Bending.json).first == "head 200, 9 bytes")
        #expect(try lines(#""wrong-length", "by": -3"#, Bending.json).first == "head 200, 5 bytes")
        #expect(
            try journal(#""wrong-length", "by": -9"#, Bending.json)
                == "corrupt (not applied: the body has only 8 bytes: 9 fewer cannot be announced)")
        #expect(
            try journal(#""wrong-length""#, Bending.stream)
                == "corrupt (not applied: a streamed reply announces no length)")
    }

    @Test("what needs frames says so to a body, and to a stream that is too short")
    func frames() throws {
        for kind in [#""missing-blank-line""#, #""duplicate""#, #""reorder""#, #""garbage", "frame": 1"#] {
            #expect(
                try journal(kind, Bending.json) == "corrupt (not applied: the reply is no stream: it has no frames)")
        }
        for kind in ["missing-blank-line", "duplicate", "reorder", "garbage", "invalid-json", "split-utf8"] {
            #expect(
                try journal(#""\#(kind)", "frame": 4"#, Bending.stream)
                    == "corrupt (not applied: the reply has only 3 frames)")
        }
    }

    @Test(
        "what is invalid JSON is invalid: every JSON text, broken",
        arguments: ["{}", "[1]", "12", "true", "\"a\"", " 0 "])
    func always(text: String) throws {
        let broken = try #require(JSONBreaking.broken(Array(text.utf8)))
        #expect((try? Value.parse(broken)) == nil)
    }
}
