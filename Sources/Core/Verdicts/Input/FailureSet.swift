import Journal

/// Which ends of a call count as failures: `"503"`, `"5xx"`, `"timeout"`, `"reset"`, `"closed"`.
package struct FailureSet: Equatable, Sendable {
    var statuses: [ClosedRange<Int>]
    var timeout = false
    var reset = false
    var closed = false

    static let words = ["timeout", "reset", "closed"]

    /// Contract section 7.
    static let standard = FailureSet(statuses: [500...599, 429...429], timeout: true, reset: true, closed: true)

    mutating func add(_ word: String) -> Bool {
        switch word {
        case "timeout": timeout = true
        case "reset": reset = true
        case "closed": closed = true
        default:
            guard let range = StatusRange.read(word) else { return false }
            statuses.append(range)
        }
        return true
    }

    func contains(_ call: borrowing ObservedCall) -> Bool {
        switch call.outcome {
        case .clientClosed, .hung: if timeout { return true }
        case .reset: if reset { return true }
        case .closed: if closed { return true }
        case .completed, .refused, nil: break
        }
        guard let status = call.status else { return false }
        return statuses.contains { $0.contains(status) }
    }
}

extension ObservedCall {
    /// The answer came, to its end, and was no error: whoever asked has what was asked for.
    var isAnswered: Bool { outcome == .completed && (status ?? 0) < 400 }

    var isThrottled: Bool { status == 429 || error?.hasPrefix("Throttl") == true }
}
