import Bytes
import Journal

/// Where FilterLogEvents goes on: a direction and the call behind it, for one group.
enum FilterToken {
    static func text(_ direction: CallLog.Direction, _ position: Int, _ group: String) -> String {
        let way = if case .forwards = direction { "f" } else { "b" }
        return Base64.url.encode(Array("\(way)\(position) \(group)".utf8))
    }

    /// Nil for what is no token of this group.
    static func read(_ token: String, _ group: String) -> CallLog.Direction? {
        guard let bytes = Base64.url.decode(token.utf8), let way = bytes.first,
            let space = bytes.firstIndex(of: UInt8(ascii: " ")), bytes[(space + 1)...].elementsEqual(group.utf8),
            let number = ASCII.decimal(bytes[1..<space])
        else { return nil }
        return EventToken.direction(way, number)
    }
}

/// What GetLogEvents always has two of: "If you have reached the end of the stream, it returns the same token you passed
/// in". They look like the service's: `f/` or `b/`, 56 digits, `/s`.
enum EventToken {
    static func text(_ direction: CallLog.Direction) -> String {
        switch direction {
        case .forwards(let number): "f/\(LogEvent.id(max(0, number)))/s"
        case .backwards(let number): "b/\(LogEvent.id(max(0, number)))/s"
        }
    }

    static func read(_ token: String) -> CallLog.Direction? {
        let parts = token.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 1, parts[2] == "s", let way = parts[0].utf8.first,
            let number = Int(parts[1].drop { $0 == "0" }.isEmpty ? "0" : parts[1].drop { $0 == "0" }), number >= 0
        else { return nil }
        return direction(way, number)
    }

    static func direction(_ way: UInt8, _ number: Int) -> CallLog.Direction? {
        switch way {
        case UInt8(ascii: "f"): .forwards(after: number)
        case UInt8(ascii: "b"): .backwards(before: number)
        default: nil
        }
    }

    /// The numbers that the page lies between; those of an empty one are where it was looked for.
    static func around(_ numbers: [Int], _ asked: CallLog.Direction) -> (before: Int, after: Int) {
        if let first = numbers.first, let last = numbers.last { return (first, last) }
        return switch asked {
        case .forwards(let number): (max(0, number) + 1, max(0, number))
        case .backwards(let number): (min(number, .max - 1), min(number, .max - 1) - 1)
        }
    }
}
