/// What becomes of a call that no rule and no recording answers.
package enum Unmatched: String, CaseIterable, Sendable {
    case refuse
    case pass
    case record

    /// Whether it goes to the other side, where there is one.
    package var passes: Bool { self != .refuse }
}
