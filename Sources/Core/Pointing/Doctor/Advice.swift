import JSON

/// One thing that is wrong, or worth knowing, and what to do about it.
package struct Advice: Equatable, Sendable {
    package enum Level: String, Sendable { case error, warning, note }

    package let level: Level
    /// What is wrong, in a sentence.
    package let text: String
    /// What to set or do; nil where the sentence says it.
    package let remedy: String?

    init(_ level: Level, _ text: String, do remedy: String? = nil) {
        (self.level, self.text, self.remedy) = (level, text, remedy)
    }

    var json: Value {
        ["level": .string(level.rawValue), "text": .string(text), "set": remedy.map { .string($0) } ?? .null]
    }

    var lines: String { "\(level.rawValue): \(text)" + (remedy.map { "\n    \($0)" } ?? "") }
}

/// A kind of program, and where it would go.
package struct ProgramRoute: Equatable, Sendable {
    package enum Reach: String, Sendable { case emulator, service, elsewhere, nobody }

    package let program: String
    package let reach: Reach
    /// What sends it there.
    package let by: String
    package let url: String
    /// Whether it decides about the whole: those that only might run here do not.
    package let isDecisive: Bool

    var json: Value {
        [
            "program": .string(program), "reaches": .string(reach.rawValue), "by": .string(by), "url": .string(url),
            "decides": .bool(isDecisive),
        ]
    }

    var line: String {
        let destination =
            switch reach {
            case .emulator: "the emulator"
            case .service: "the REAL service"
            case .elsewhere: "somebody else"
            case .nobody: "nobody"
            }
        return "\(program) → \(destination): \(url), by \(by)"
    }
}

/// What there is to say of these surroundings.
package struct Diagnosis: Equatable, Sendable {
    package let programs: [ProgramRoute]
    package let advice: [Advice]

    /// A program that decides would reach the real service.
    package var reachesService: Bool { programs.contains { $0.reach == .service && $0.isDecisive } }

    package init(_ around: Surroundings) {
        programs = Programs.routes(around)
        advice =
            EndpointChecks.check(around) + ProxyChecks.check(around) + TrustChecks.check(around)
            + IdentityChecks.check(around) + PlaceChecks.check(around)
    }

    package var json: Value {
        [
            "reachesService": .bool(reachesService), "programs": .array(programs.map(\.json)),
            "findings": .array(advice.map(\.json)),
        ]
    }

    package var text: String {
        return (programs.map(\.line) + [""] + advice.map(\.lines) + (advice.isEmpty ? [] : [""]) + [verdict])
            .joined(separator: "\n")
    }

    private var verdict: String {
        if reachesService { return "A program here would reach the real service." }
        guard programs.contains(where: { $0.reach == .service }) else {
            return "Nothing here would reach the real service."
        }
        return "boto3 and the AWS CLI would not reach the real service; programs of another kind above would."
    }
}
