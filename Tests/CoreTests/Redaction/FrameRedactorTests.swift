import Bytes
import HTTPWire
import JSON
import Recording
import Testing

@testable import Redaction

@Suite("Secrets in the frames of a call") struct FrameRedactorTests {
    private typealias Said = (side: RecordedMessage.Side, text: String)

    private static func redacted(_ said: [Said]) throws -> [RecordedFrame] {
        try redacted(
            said.enumerated().map { number, said in
                RecordedFrame(
                    at: Int64(number), bytes: Array(said.text.utf8), message: RecordedMessage(from: said.side, .text))
            })
    }

    private static func redacted(_ came: [RecordedFrame], _ fields: FieldBlock = FieldBlock()) throws -> [RecordedFrame]
    {
        var redactor = try RedactorTests.redactor()
        var frames = FrameRedactor(fields, redactor.rules)
        var kept: [RecordedFrame] = []
        for frame in came { kept += frames.add(frame, &redactor) }
        kept += frames.finish(&redactor)
        #expect(kept.map(\.at) == came.map(\.at) && kept.map(\.message) == came.map(\.message), "in their order")
        for (kept, came) in zip(kept, came) { #expect((kept.size ?? kept.bytes.count) == came.bytes.count) }
        return kept
    }

    private static func left(_ frames: [RecordedFrame]) throws -> [String] {
        var scan = FinalScan(rules: try RedactorTests.redactor().rules, known: KnownSecrets())
        for side in RecordedMessage.Side.allCases {
            scan.scan(messages: frames.filter { $0.message?.side == side }.map(\.bytes), place: "here")
        }
        return scan.remainders.map(\.kind)
    }

    @Test(
        "a secret that one side spells over messages is found, whatever the other side says between",
        arguments: PlantedSecret.all, [1, 3, 7])
    func spelled(_ planted: PlantedSecret, _ step: Int) throws {
        let letters = Array(planted.carrier)
        for isJSON in [true, false] {
            var said: [Said] = []
            for start in stride(from: 0, to: letters.count, by: step) {
                let part = String(letters[start..<min(start + step, letters.count)])
                let text = isJSON ? #"{"type": "delta", "text": \#(Value.string(part).json())}"# : part
                said += [(.other, text), (.client, #"{"ack": true}"#)]
            }
            let came = said.map {
                RecordedFrame(at: 0, bytes: Array($0.text.utf8), message: .init(from: $0.side, .text))
            }
            #expect(try Self.left(came) == [planted.kind], "\(said)")
            let kept = try Self.redacted(said)
            let joined = String(lossy: kept.filter { $0.message?.side == .other }.flatMap(\.bytes))
            #expect(joined.contains("\(planted.kind)-1"), "\(joined)")
            #expect(try Self.left(kept).isEmpty, "\(joined)")
            #expect(
                kept.filter { $0.message?.side == .client }.allSatisfy { $0.bytes == Array(#"{"ack": true}"#.utf8) })
        }
    }

    @Test("what stands before a message is no part of its words")
    func apart() throws {
        let kept = try Self.redacted([(.other, "x"), (.other, "AKIAIOSFODNN7EXAMPLE"), (.other, "y")])
        #expect(kept.map { String(lossy: $0.bytes) } == ["x", "[aws-key-1]", "y"])
    }

    @Test("of a side that is silent no more than a megabyte of the other waits")
    func silent() throws {
        var redactor = try RedactorTests.redactor()
        var frames = FrameRedactor(FieldBlock(), redactor.rules)
        let word = Array(String(repeating: "words ", count: 1_000).utf8)
        var (came, told, most) = (0, 0, 0)
        for number in 0..<400 {
            let side: RecordedMessage.Side = number == 0 ? .client : .other
            let frame = RecordedFrame(at: Int64(number), bytes: word, message: RecordedMessage(from: side, .text))
            came += word.count
            told += frames.add(frame, &redactor).reduce(0) { $0 + $1.bytes.count }
            most = max(most, came - told)
        }
        told += frames.finish(&redactor).reduce(0) { $0 + $1.bytes.count }
        #expect(told == came && most < 3 << 19)
    }

    @Test("the reason of a close is looked through, its code is not")
    func close() throws {
        let came = RecordedFrame(
            at: 1, bytes: [3, 0xE8] + Array("AKIAIOSFODNN7EXAMPLE".utf8), message: RecordedMessage(from: .other, .close)
        )
        #expect(try Self.redacted([came])[0].bytes == [3, 0xE8] + Array("[aws-key-1]".utf8))
    }

    // MARK: Bodies in a coding

    private static func fields(_ coding: String) -> FieldBlock {
        var fields = FieldBlock()
        fields.add(name: "Content-Encoding", value: coding)
        return fields
    }

    /// `{"password": "hunter2-hunter2"}` and `hello hello hello hello`.
    private static let secret = "H4sIAAAAAAAC/6tWKkgsLi7PL0pRslJQyijNK0ktMtKF0kq1ANPkBBYfAAAA"
    private static let harmless = "H4sIAAAAAAAC/8tIzcnJV8hAJwHjUT2NFwAAAA=="

    private static func pieces(_ base64: String) throws -> [RecordedFrame] {
        let bytes = try #require(Base64.standard.decode(base64.utf8))
        return [RecordedFrame(at: 1, bytes: Array(bytes[..<20])), RecordedFrame(at: 2, bytes: Array(bytes[20...]))]
    }

    @Test("what gzip hides is found, and kept without it; where nothing is found it stays as it came")
    func gzip() throws {
        let kept = try Self.redacted(Self.pieces(Self.secret), Self.fields("gzip"))
        #expect(String(lossy: kept.flatMap(\.bytes)) == #"{"password": "[password-1]"}"#)
        let same = try Self.redacted(Self.pieces(Self.harmless), Self.fields("x-gzip, identity"))
        #expect(try same == Self.pieces(Self.harmless))
    }

    @Test("what cannot be read is not kept, and the final scan never calls it clean", arguments: ["br", "gzip"])
    func unreadable(_ coding: String) throws {
        let came = [RecordedFrame(at: 1, bytes: Array("no such coding".utf8)), RecordedFrame(at: 2, bytes: [1, 2, 3])]
        let kept = try Self.redacted(came, Self.fields(coding))
        #expect(kept.map { String(lossy: $0.bytes) } == ["[encoded-1]", ""])
        var scan = FinalScan(rules: SecretRules(), known: KnownSecrets())
        var body = try #require(CodedBody(Self.fields(coding)))
        for frame in came { body.add(frame.bytes) }
        scan.scan(body, isEventStream: false, place: "here")
        #expect(scan.remainders.count == 1)
    }

    @Test("a whole call: its fields no longer name the coding, and its length is that of what is kept")
    func call() throws {
        let bytes = try #require(Base64.standard.decode(Self.secret.utf8))
        var call = RecordedCall(agent: "a", reply: RecordedReply(body: .whole(bytes)))
        call.operation = "GET /x?X-Amz-Signature=0123456789abcdef&a=1"
        (call.requestFields, call.requestBody) = (Self.fields("gzip"), bytes)
        call.reply.fields = Self.fields("gzip")
        call.reply.fields.add("Content-Length", decimal: bytes.count)
        var redactor = try RedactorTests.redactor()
        #expect(call.redact(&redactor) == [])
        let clean = Array(#"{"password": "[password-1]"}"#.utf8)
        #expect(call.requestBody == clean && call.reply.body == .whole(clean))
        #expect(call.requestFields == FieldBlock() && call.reply.fields.list.map(\.value) == ["\(clean.count)"])
        #expect(call.operation == "GET /x?X-Amz-Signature=[token-1]&a=1")
    }
}
