import Bytes

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

/// `404`, `4xx` or `200-299`.
enum StatusRange {
    static func read(_ text: String) -> ClosedRange<Int>? {
        let bytes = text.utf8.map(ASCII.lowercased)
        if bytes.count == 3, ASCII.isDigit(bytes[0]), bytes[1...] == [UInt8(ascii: "x"), UInt8(ascii: "x")] {
            let first = Int(bytes[0] - UInt8(ascii: "0")) * 100
            return first > 0 && first < 600 ? first...first + 99 : nil
        }
        let ends = bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard ends.count <= 2, let first = status(ends[0]), let last = status(ends[ends.count - 1]), first <= last
        else { return nil }
        return first...last
    }

    private static func status(_ digits: ArraySlice<UInt8>) -> Int? {
        guard digits.count == 3, let number = ASCII.decimal(digits), (100...599).contains(number) else { return nil }
        return number
    }
}

extension ObservedCall {
    /// The answer came, to its end, and was no error: whoever asked has what was asked for.
    var isAnswered: Bool { outcome == .completed && (status ?? 0) < 400 }

    var isThrottled: Bool { status == 429 || error?.hasPrefix("Throttl") == true }
}
