import Fields

/// `key-rotation`: the issuer signs with new keys from this call on. Tokens signed before are good no longer, unless the
/// old keys are kept in the key set. Once, unless `on` says how often.
struct KeyRotation: Fault {
    static let word = "key-rotation"
    private let keepsOld: Bool

    init(_ parameters: inout FieldReader) { keepsOld = parameters.bool("keepOld") ?? false }

    var strikesOnce: Bool { true }
    var stage: Stage { .issuer(.rotation(keepsOld: keepsOld)) }
}

extension FaultKind {
    static let keyRotation = FaultKind(KeyRotation.self)
}
