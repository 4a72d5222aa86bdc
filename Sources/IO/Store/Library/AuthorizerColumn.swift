import Fields
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
        case .jwt(let authorizer): ("jwt", authorizer.written)
        }
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
        let mistakes = MistakeList()
        var fields = FieldReader(members, path: .top, mistakes)
        Duplicates.note(in: fields.node, path: .top, mistakes)
        let authorizer = AuthorizerReader.read(&fields)
        fields.finish()
        for mistake in mistakes.mistakes { note(column, mistake.description) }
        return mistakes.count == 0 ? authorizer.map(Auth.jwt) : nil
    }
}
