import Bytes
import Delivery
import Fields
import JSON

/// `echo`: the caller's own words, as a JSON answer, or as a stream when the caller accepts one.
///
/// - `{"response": {"role": "assistant", "content": [{"text": "Hello there"}]}}`
/// - `data: "Hello "`, `data: "there"`: one JSON string a word, as the AgentCore SDK's container writes what an agent
///   yields. The strings together are the text. A word comes each 20 ms, a long text within a second. At the end, all of
///   it once more as Strands' agents write their last event, `data: {"message": {"role": …, "content": [{"text": …}]}}`:
///   parsers of strings pass that over, parsers of such events the words.
package struct EchoReply: ReplyKind, ReadyBody {
    package static let word = "echo"

    package init() {}

    package init?(_ fields: inout FieldReader) {
        guard let isOn = fields.bool(Self.word) else { return nil }
        if !isOn { fields.refuse(Self.word, "a reply that does not echo says nothing", hint: "write \"echo\": true") }
    }

    package init?(stored: [StoredValue?], frames: [[StoredValue?]]) {}

    package var written: Value { true }
    package var contentType: String? { ContentType.json }
    package var constantBody: RenderedReply.Body? { nil }
    package func ready(_ files: [String: [UInt8]]) throws(RuleMistake) -> any ReadyBody { self }

    private static let wordGap: Int64 = 20_000_000
    private static let longestRun: Int64 = 1_000_000_000
    private static let mostFrames = 1_000

    package func rendered(
        _ situation: inout Situation, _ header: HeaderLookup, _ contentType: inout String?
    ) -> RenderedReply.Body {
        let text = Self.text(of: &situation.payload)
        if Self.acceptsEventStream(header(Self.accept)) {
            if contentType == ContentType.json { contentType = ContentType.eventStream }
            return .stream(Self.script(text), firstAfter: 0)
        } else {
            var body: [UInt8] = []
            body.reserveCapacity(text.utf8.count + 80)
            body.append(#"{"response": {"role": "assistant", "content": [{"text": "# as StaticString)
            StringLiteral.append(text, to: &body)
            body.append("}]}}" as StaticString)
            return .bytes(body)
        }
    }

    private static let accept = Array("accept".utf8)
    private static let places = ["$.prompt", "$.inputText", "$.message", "$.input"].compactMap { try? Path($0) }

    /// What the caller said: the first of these members that is a string, or else the whole payload.
    static func text(of payload: inout Payload) -> String {
        for place in places {
            if let text = payload.value(at: place)?.text { return text }
        }
        return payload.whole.text ?? String(lossy: payload.bytes)
    }

    /// RFC 9110 12.5.1: a media range in a comma list; `;q=0` means "not acceptable".
    static func acceptsEventStream(_ accept: ArraySlice<UInt8>?) -> Bool {
        guard let accept, accept.count >= ContentType.eventStream.utf8.count else { return false }
        return accept.split(separator: UInt8(ascii: ",")).contains { element in
            let parts = element.split(separator: UInt8(ascii: ";")).map { $0.filter { $0 != 0x20 && $0 != 0x09 } }
            guard let range = parts.first, ASCII.equalsIgnoringCase(range, ContentType.eventStream.utf8) else {
                return false
            }
            return !parts.dropFirst().contains { parameter in
                parameter.starts(with: "q=0".utf8)
                    && parameter.dropFirst(3).allSatisfy { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: ".") }
            }
        }
    }

    static func script(_ text: String) -> FrameScript {
        let words = words(of: Array(text.utf8))
        let gap = min(wordGap, longestRun / Int64(max(words.count, 1)))
        var frames = words.enumerated().map { index, word in
            var bytes = Array("data: ".utf8)
            StringLiteral.append(String(lossy: word), to: &bytes)
            bytes.append("\n\n" as StaticString)
            return FrameScript.Frame(bytes: bytes, offset: Int64(index) * gap, gap: index == 0 ? 0 : gap)
        }
        let last = FrameScript.Frame(bytes: message(text), offset: Int64(words.count) * gap, gap: gap)
        frames.append(last)
        return FrameScript(frames: frames)
    }

    private static func message(_ text: String) -> [UInt8] {
        var bytes = Array(#"data: {"message":{"role":"assistant","content":[{"text":"#.utf8)
        StringLiteral.append(text, to: &bytes)
        bytes.append("}]}}\n\n" as StaticString)
        return bytes
    }

    /// Each word with the space behind it; a very long text goes in pieces of several words. A text without words is one
    /// piece, so that a stream is never without a frame.
    private static func words(of text: [UInt8]) -> [ArraySlice<UInt8>] {
        let shortest = text.count / mostFrames
        var words: [ArraySlice<UInt8>] = []
        var start = 0
        for index in text.indices.dropFirst() {
            let endsWord = isSpace(text[index - 1]) && !isSpace(text[index])
            guard endsWord, index - start > shortest else { continue }
            words.append(text[start..<index])
            start = index
        }
        return words + [text[start...]]
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

extension ReplyKind where Self == EchoReply {
    package static var echo: Self { Self() }
}
