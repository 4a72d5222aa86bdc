import Bytes
import Delivery
import JSON
import Time

/// Why a query cannot be meant: the parameter and what is wrong with it.
package struct QueryError: Error, Equatable, CustomStringConvertible {
    package var parameter: String
    package var message: String

    package var description: String { "\(parameter): \(message)" }
}

extension Query {
    static let names = [
        "agent", "session", "user", "operation", "rule", "space", "status", "outcome", "since", "until", "limit",
    ]

    /// From the parameters of a URL, decoded.
    package init(parameters: [(String, String)]) throws(QueryError) {
        var seen: Set<String> = []
        for (name, text) in parameters {
            guard seen.insert(name).inserted else { throw QueryError(parameter: name, message: "is given twice") }
            try read(name, text)
        }
    }

    /// From the `match` of an expectation: the same names; a status may be a number, and lists may be arrays.
    package init(match: Value) throws(QueryError) {
        guard let members = match.members else {
            throw QueryError(parameter: "match", message: "must be an object, not \(match.kind)")
        }
        var parameters: [(String, String)] = []
        for member in members {
            let elements = member.value.array ?? [member.value]
            var texts: [String] = []
            for element in elements {
                switch element {
                case .string(let text), .number(let text): texts.append(text)
                default: throw QueryError(parameter: member.name, message: "must be a text, not \(element.kind)")
                }
            }
            parameters.append((member.name, texts.joined(separator: ",")))
        }
        try self.init(parameters: parameters)
    }

    private mutating func read(_ name: String, _ text: String) throws(QueryError) {
        func refuse(_ message: String) -> QueryError { QueryError(parameter: name, message: message) }
        guard Self.names.contains(name) else {
            throw refuse("is not a parameter; there are \(Self.names.joined(separator: ", "))")
        }
        guard !text.isEmpty else { throw refuse("is empty") }
        switch name {
        case "agent": agent = Glob(text)
        case "session": session = Glob(text)
        case "user": user = Glob(text)
        case "operation": operation = Glob(text)
        case "rule": rule = Glob(text)
        case "space": space = Glob(text)
        case "status": statuses = try Self.list(text) { (item) throws(QueryError) in try Self.statuses(item) }
        case "outcome": outcomes = try Self.list(text) { (item) throws(QueryError) in try Self.outcome(item) }
        case "since": since = try Self.bound(name, text)
        case "until": until = try Self.bound(name, text)
        default:
            guard let number = ASCII.decimal(Array(text.utf8)), number > 0 else {
                throw refuse("\"\(text)\" is not a count of at least 1")
            }
            limit = number
        }
    }

    private static func list<Item>(
        _ text: String, _ read: (String) throws(QueryError) -> Item
    ) throws(QueryError) -> [Item] {
        var items: [Item] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            items.append(try read(String(part.drop { $0 == " " })))
        }
        return items
    }

    /// `404`, `4xx` or `200-299`.
    private static func statuses(_ text: String) throws(QueryError) -> ClosedRange<Int> {
        let bytes = text.utf8.map(ASCII.lowercased)
        let ends = bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        if bytes.count == 3, ASCII.isDigit(bytes[0]), bytes[1...] == [UInt8(ascii: "x"), UInt8(ascii: "x")] {
            let first = Int(bytes[0] - UInt8(ascii: "0")) * 100
            return first...first + 99
        }
        if ends.count <= 2, let first = status(ends[0]), let last = status(ends[ends.count - 1]), first <= last {
            return first...last
        }
        throw QueryError(parameter: "status", message: "\"\(text)\" is none of 404, 4xx, 200-299")
    }

    private static func status(_ digits: ArraySlice<UInt8>) -> Int? {
        digits.count == 3 ? ASCII.decimal(digits) : nil
    }

    private static func outcome(_ text: String) throws(QueryError) -> Report.Outcome {
        if let outcome = Report.Outcome(rawValue: text) { return outcome }
        let known = Report.Outcome.allCases.map(\.rawValue).joined(separator: ", ")
        throw QueryError(parameter: "outcome", message: "\"\(text)\" is none of \(known)")
    }

    private static func bound(_ name: String, _ text: String) throws(QueryError) -> Bound {
        let bytes = Array(text.utf8)
        if let number = ASCII.decimal(bytes) { return .number(number) }
        if let moment = Instant(rfc3339: bytes) { return .moment(moment) }
        throw QueryError(
            parameter: name,
            message: "\"\(text)\" is neither the number of a call nor a moment like 2026-01-15T12:00:00Z")
    }
}
