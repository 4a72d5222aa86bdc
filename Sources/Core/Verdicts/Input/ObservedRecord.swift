import Bytes
import JSON
import Journal
import Runtime
import Time

// What the journal keeps of a call, as judges may know it: read once, field by field, and nothing of it held.

extension ObservedCall {
    /// `wanted` says what to look for beyond what every call has.
    package init(_ record: CallRecord, wanted: Wanted) {
        var reading = CallReading(wanted: wanted)
        self = reading.call(of: record)
    }

    /// The server's own issuer, whose calls are no agent's.
    package static func isIssuer(operation: String?) -> Bool {
        operation.map { IssuerOperation(rawValue: $0) != nil } ?? false
    }

    /// The name of a fault, without why it did not apply; or its name and its word.
    static func faultNames(_ text: String) -> [String] {
        guard let list = (try? Value.parse(text))?.array else { return [] }
        return list.flatMap { fault -> [String] in
            guard let name = fault.text else { return [fault["name"]?.text, fault["fault"]?.text].compactMap { $0 } }
            let bytes = name.utf8.span
            let end = ByteSearch.first(" (not applied".utf8.span, in: bytes, from: 0) ?? bytes.count
            return [String(lossy: bytes.extracting(0..<end))]
        }
    }

    /// A refusal of a token that is too old says so.
    static func speaksOfTime(_ body: Span<UInt8>) -> Bool {
        for words in ["neffectual token", "token expired", "has expired", "will expire"]
        where ByteSearch.first(words.utf8.span, in: body, from: 0) != nil { return true }
        return false
    }
}

extension CallReading {
    package mutating func call(of record: CallRecord) -> ObservedCall {
        let bytes = record.bytes.span
        record.forEach { field, number, content in
            if field.definition.kind.isNumber {
                tell(field, number)
            } else {
                tell(field, bytes.extracting(content))
            }
        }
        if record.has(.frameRun) || record.has(.frames), let last = record.frameRecords.last {
            tell(lastSent: last.sent)
        }
        return take()
    }
}

extension ObservedCall.Outcome {
    /// A stopped session closes the connection.
    init?(recorded word: Span<UInt8>) {
        if ASCII.equals(word, lowercase: "completed") {
            self = .completed
            return
        }
        let word = String(lossy: word)
        self.init(rawValue: word == "session-stopped" ? "closed" : word)
    }
}

extension ObservedMark {
    package init(_ mark: Mark) {
        self.init(
            space: mark.space, agent: mark.agent, by: mark.by, note: mark.note,
            at: Moment(real: mark.at, clock: mark.clock))
    }
}
