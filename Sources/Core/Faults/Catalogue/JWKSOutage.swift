import Fields

/// `jwks-outage`: a part of the server's own issuer fails: its key set unless told.
struct JWKSOutage: Fault {
    enum Part: String, CaseIterable, Sendable { case keys, discovery, tokens, all }

    static let word = "jwks-outage"
    private let part: Part
    private let status: Int

    init(_ parameters: inout FieldReader) {
        part = parameters.choice("part", of: Part.self) ?? .keys
        status = parameters.integer("status", 400...599) ?? 503
    }

    var stage: Stage { .issuer(.outage(status: status)) }

    var concernsIssuer: Bool { true }

    func concerns(_ candidate: FaultCandidate) -> Bool {
        guard let asked = candidate.issuerPart else { return false }
        return part == .all || part.rawValue == asked.rawValue
    }
}

extension FaultKind {
    static let jwksOutage = FaultKind(JWKSOutage.self)
}
