import Bytes
import Delivery
import JSON

/// The messages of a conversation as JSON: `[{"direction":"in","kind":"text","bytes":27,"at":12.5},…]`. A journal file
/// has `at` in nanoseconds, whoever asks for the call gets milliseconds.
extension MessageLog {
    package enum Unit: Sendable {
        case nanoseconds
        case milliseconds
    }

    package func json(_ unit: Unit) -> [UInt8] {
        var text: [UInt8] = [UInt8(ascii: "[")]
        for (index, entry) in entries.enumerated() {
            text.append(index == 0 ? #"{"direction":""# : #",{"direction":""#)
            text.append(entry.direction.word)
            text.append(#"","kind":""#)
            text.append(entry.kind.word)
            text.append(#"","bytes":"#)
            text.append(decimal: entry.bytes)
            text.append(#","at":"#)
            switch unit {
            case .nanoseconds: text.append(decimal: Int(entry.at))
            case .milliseconds: text.append(CallRecord.milliseconds(entry.at))
            }
            if !entry.note.isEmpty {
                text.append(UInt8(ascii: ","))
                text += entry.note
            }
            text.append(UInt8(ascii: "}"))
        }
        text.append(UInt8(ascii: "]"))
        return text
    }

    /// What a journal file tells; nil for what is no list of messages.
    package init?(json: [UInt8]) {
        guard case .array(let elements)? = try? Value.parse(json) else { return nil }
        self.init()
        for element in elements {
            guard let entry = Entry(element) else { return nil }
            note(entry)
        }
    }
}

extension MessageLog.Entry {
    fileprivate init?(_ value: Value) {
        guard case .object(let members) = value,
            let direction = MessageLog.Direction.allCases.first(where: { $0.word == value["direction"]?.text }),
            let kind = MessageLog.Kind.allCases.first(where: { $0.word == value["kind"]?.text }),
            case .number(let bytes)? = value["bytes"], let bytes = Int(bytes), bytes >= 0,
            case .number(let moment)? = value["at"], let moment = Int64(moment), moment >= 0
        else { return nil }
        let others = members.filter { !["direction", "kind", "bytes", "at"].contains($0.name) }
        self.init(direction, kind, bytes: bytes, at: moment, note: Self.note(others))
    }

    /// The members as they stand between the braces of an object.
    package static func note(_ members: [Value.Member]) -> [UInt8] {
        members.isEmpty ? [] : Array(Value.object(members).compact.dropFirst().dropLast())
    }
}

extension MessageLog.Direction {
    fileprivate var word: String { self == .received ? "in" : "out" }
}

extension MessageLog.Kind {
    fileprivate var word: String {
        switch self {
        case .text: "text"
        case .binary: "binary"
        case .close: "close"
        }
    }
}
