import JSON
import Library

/// An agent's `auth` in a library: a word, and for `jwt` the service's `customJWTAuthorizer` as JSON, which is read and
/// written as in a scenario file.
extension Auth {
    var columns: (word: String, jwt: JSON.Value?) {
        switch self {
        case .sigv4: ("sigv4", nil)
        case .any: ("any", nil)
        case .none: ("none", nil)
        case .jwt: ("jwt", fileForm)
        }
    }

    private var fileForm: JSON.Value? {
        var scenario = Scenario()
        scenario.agents = [Agent(arn: "*")]
        scenario.agents[0].auth = self
        return ScenarioFile.value(of: scenario)["agents"]?[0]?["auth"]?["jwt"]
    }
}

private enum AuthWord: String, CaseIterable {
    case sigv4, any, none, jwt
}

extension Row {
    func auth(_ column: Int32, jwt: Int32) -> Auth? {
        guard let word = choice(column, AuthWord.self) else { return nil }
        switch word {
        case .sigv4: return .sigv4
        case .any: return .any
        case .none: return Auth.none
        case .jwt: return needed(jwt, object(jwt)).flatMap { authorizer($0, jwt) }
        }
    }

    private func authorizer(_ members: [JSON.Value.Member], _ column: Int32) -> Auth? {
        let file: JSON.Value = .object([
            .init("understudy", .number("\(ScenarioFile.version)")),
            .init(
                "agents",
                .array([
                    .object([.init("arn", .string("*")), .init("auth", .object([.init("jwt", .object(members))]))])
                ])),
        ])
        let (scenario, mistakes) = ScenarioFile.read(file.compact, fileName: table)
        for mistake in mistakes {
            let place = mistake.path.dropFirst("agents[0].auth.jwt.".count)
            note(column, (place.isEmpty ? "" : "\(place): ") + mistake.message + (mistake.hint.map { "; \($0)" } ?? ""))
        }
        return scenario?.agents.first?.auth
    }
}
