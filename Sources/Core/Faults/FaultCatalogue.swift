import Fields

/// One kind of fault: its word, and how its parameters are read.
struct FaultKind: Sendable {
    let word: String
    let read: @Sendable (inout ParameterReader) -> any Fault

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

    /// The kind of this word, or why there is none.
    static func find(_ word: String, at place: [String]) -> Result<FaultKind, FaultMistake> {
        if let kind = all.first(where: { $0.word == word }) { return .success(kind) }
        if comingWithWebSocket.contains(word) {
            return .failure(FaultMistake(place, "\"\(word)\" comes with the WebSocket surface"))
        }
        let words = all.map(\.word)
        return .failure(
            FaultMistake(
                place, "\(Excerpt.of(.string(word))) is no fault",
                hint: NearName.hint(for: word, among: words) ?? "there are \(words.joined(separator: ", "))"))
    }
}
