import Fields
import JSON
import Library
import Rules
import Runtime
import Time

/// One kind of fault: its word, and how its parameters are read.
struct FaultKind: Sendable {
    let word: String
    let read: @Sendable (inout FieldReader) -> any Fault

    init<Kind: Fault>(_ kind: Kind.Type) {
        word = kind.word
        read = { kind.init(&$0) }
    }
}

/// Every fault there is: contract section 4, in its order. A new one is a file below `Catalogue/` and a line here.
enum FaultCatalogue {
    static let all: [FaultKind] = [
        .error,
        .expiringToken,
        .throttle,
        .latency,
        .coldStart,
        .notReady,
        .hang,
        .stall,
        .slowDrip,
        .reset,
        .close,
        .corrupt,
        .agentErrorEvent,
        .clockSkew,
        .jwksOutage,
        .keyRotation,
    ]

    /// Words that are kept for faults of a surface that is not there yet.
    static let comingWithWebSocket = ["ws-close", "ws-drop"]

    /// Contract section 4, in its order: the word in the file, the interface and the journal.
    static var words: [String] { all.map(\.word) + comingWithWebSocket }

    /// The fault of this word, its parameters read from the fields; nil, and noted, when there is none.
    static func fault(_ word: String, _ fields: inout FieldReader) -> (any Fault)? {
        guard let kind = all.first(where: { $0.word == word }) else {
            refuse(word, fields)
            return nil
        }
        fields.beginParameters(of: word)
        let fault = kind.read(&fields)
        fields.finish()
        return fault
    }

    private static func refuse(_ word: String, _ fields: FieldReader) {
        if comingWithWebSocket.contains(word) {
            return fields.refuse("fault", "\"\(word)\" comes with the WebSocket surface")
        }
        let words = all.map(\.word)
        fields.refuse(
            "fault", "\(Excerpt.of(.string(word))) is no fault",
            hint: NearName.hint(for: word, among: words) ?? "there are \(words.joined(separator: ", "))")
    }
}

extension Vocabulary {
    /// What a scenario may say of faults. They are judged as if they were armed at this moment; without one they are
    /// read, and whoever arms them judges.
    package init(operations: [String], faultsArmedAt moment: Instant?) {
        self.init(operations: operations, faults: FaultCatalogue.words) { fields in
            _ = Trigger(&fields, armedAt: nil)
        } readFault: { entry, fields in
            guard let moment else { return }
            let path = FieldPath.parameter(fields.path, "on")
            var on =
                fields.node["on"].flatMap { FieldReader($0, path: path, fields.mistakes) }
                ?? FieldReader([], path: path, fields.mistakes)
            _ = Definition.parts(of: entry, &fields, &on, armedAt: moment)
        }
    }
}

/// What parameters of faults need beside the kinds that fields have.
extension FieldReader {
    /// At most a year.
    mutating func faultDuration(_ name: String) -> Duration? {
        guard let duration = duration(name) else { return nil }
        guard duration.nanoseconds <= Distribution.longest else {
            refuse(name, "\(Excerpt.of(.string(field(name)?.text ?? ""))) is longer than a year")
            return nil
        }
        return duration
    }

    /// `retryAfter`, a duration or whole seconds, as the fields that say it.
    mutating func retryAfter() -> [HeaderLine] {
        var duration: Duration?
        if case .number = field("retryAfter")?.content {
            duration = integer("retryAfter", 0...31_536_000).map { .seconds($0) }
        } else {
            duration = faultDuration("retryAfter")
        }
        guard let duration else { return [] }
        return RetryHint(after: duration).fields.map { HeaderLine(name: $0.name, value: $0.value) }
    }

    /// A number above 0, up to 1.
    mutating func chance(_ name: String) -> Double? {
        note(name, .share)
        guard let node = field(name) else { return nil }
        guard let number = node.double, (0...1).contains(number) else {
            refuse(name, "\(Excerpt.of(node.value)) is not a number from 0 to 1")
            return nil
        }
        guard number > 0 else {
            refuse(name, "with a chance of 0 it can never strike")
            return nil
        }
        return number
    }
}
