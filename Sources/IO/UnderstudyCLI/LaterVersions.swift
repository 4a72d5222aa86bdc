/// What a user may have read about and this version does not have. It is answered as such, not as a misspelling.
package enum LaterVersions {
    package static let commands: [String] = []

    /// By command.
    package static let options: [String: [String]] = ["serve": ["--otlp"]]

    package static func message(for name: String) -> String {
        "\(name) is not in this version (\(version)); the README tells what is there"
    }
}
