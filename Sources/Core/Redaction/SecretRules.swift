import Bytes
import JSON
import Rules

/// What is looked for besides what is always looked for: `--redact NAME=REGEX`, `--redact email`, `--redact-path PATH`.
package struct SecretRules: Sendable {
    package struct NamedExpression: Sendable {
        package let kind: SecretKind
        package let expression: RegularExpression
    }

    package private(set) var patterns: [NamedExpression] = []
    package private(set) var includesEmail = false
    package private(set) var paths: [Path] = []
    /// Texts that look like a secret and are none, such as the id of a session.
    package var spared: [String] = []

    package init() {}

    /// Throws in words that name the option and say what is allowed.
    package init(redact: [String], paths: [String]) throws(SecretRuleMistake) {
        for text in redact { try add(text) }
        for text in paths {
            do throws(PathError) {
                self.paths.append(try Path(text))
            } catch {
                throw SecretRuleMistake(text: "--redact-path \(text): \(error)")
            }
        }
    }

    private mutating func add(_ text: String) throws(SecretRuleMistake) {
        if text == "email" {
            includesEmail = true
            return
        }
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let isWord = parts[0].utf8.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == 0x2D || $0 == 0x5F }
        guard parts.count == 2, isWord, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw SecretRuleMistake(
                text: "--redact takes email or NAME=REGEX with a name of letters, digits, - and _, not \"\(text)\"")
        }
        let expression: RegularExpression
        do throws(ExpressionMistake) {
            expression = try RegularExpression(String(parts[1]))
        } catch {
            throw SecretRuleMistake(text: "--redact \(parts[0]): not a regular expression: \(error.text)")
        }
        guard !expression.matches("") else {
            throw SecretRuleMistake(text: "--redact \(parts[0]): the expression matches the empty text")
        }
        patterns.append(NamedExpression(kind: SecretKind(String(parts[0])), expression: expression))
    }
}

package struct SecretRuleMistake: Error, Equatable, CustomStringConvertible {
    let text: String
    package var description: String { text }
}
