/// A regular expression as it was written, before it becomes a program.
indirect enum ExpressionTree: Equatable, Sendable {
    case empty
    case scalars(ScalarSet)
    case sequence([ExpressionTree])
    case choice([ExpressionTree])
    case repeated(ExpressionTree, atLeast: Int, atMost: Int?)
    case assertion(Assertion)

    enum Assertion: Equatable, Sendable {
        case textStart
        case textEnd
        case lineStart
        case lineEnd
        case wordBoundary
        case noWordBoundary
    }
}

/// Why a regular expression cannot be used, and at which of its characters (counted from 1).
package struct ExpressionMistake: Error, Equatable {
    var message: String
    var place: Int

    var text: String { "\(message) at character \(place)" }
}
