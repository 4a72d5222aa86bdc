import Bytes
import Delivery
import JSON
import Time

/// Which calls are asked for: what `GET /calls?…`, `understudy journal` and the `match` of an expectation have in
/// common. A part that is not given matches every call; names are globs.
package struct Query: Equatable, Sendable {
    package enum Bound: Equatable, Sendable {
        case number(Int)
        case moment(Instant)
    }

    /// Texts that are asked for; an agent by its ARN or its id.
    private var globs: [CallField: Glob] = [:]
    package var statuses: [ClosedRange<Int>]?
    package var outcomes: [Report.Outcome]?
    /// A fault that was to strike, by its name or its word.
    package var fault: Glob?
    /// Calls that nothing in the library answers, or the others.
    package var isUnmatched: Bool?
    /// Calls with a greater number, or that arrived at this moment or later.
    package var since: Bound?
    /// Calls up to this number, or that arrived before this moment.
    package var until: Bound?
    /// The newest so many.
    package var limit: Int?

    package init() {}

    /// The glob that a text has to match.
    package subscript(field: CallField) -> Glob? {
        get { globs[field] }
        set { globs[field] = newValue }
    }

    /// Calls with smaller numbers need not be looked at.
    var firstNumber: Int? {
        if case .number(let number) = since, number < .max { number + 1 } else { nil }
    }

    /// Nor those with greater ones.
    var lastNumber: Int { if case .number(let number) = until { number } else { .max } }

    package func matches(_ call: borrowing CallRecord) -> Bool {
        if since != nil || until != nil {
            let (number, arrived) = (call.number, call.arrived)
            if let since, !Self.isAfter(number, arrived, since) { return false }
            if let until, Self.isAfter(number, arrived, until) { return false }
        }
        if let statuses {
            guard let status = call.number(.status), statuses.contains(where: { $0.contains(Int(status)) }) else {
                return false
            }
        }
        if let outcomes {
            guard let outcome = call.outcome, outcomes.contains(where: { $0 == outcome || $0.rawValue == outcome.word })
            else { return false }
        }
        if let isUnmatched, (call.number(.unmatched) == 1) != isUnmatched { return false }
        if let fault, !Self.matches(fault, faultsOf: call) { return false }
        for (field, glob) in globs {
            guard let text = call.content(field) else { return false }
            guard field == .agent ? glob.matches(agent: text.span) : glob.matches(text.span) else { return false }
        }
        return true
    }

    private static func isAfter(_ number: Int, _ arrived: Instant, _ bound: Bound) -> Bool {
        switch bound {
        case .number(let bound): number > bound
        case .moment(let moment): arrived >= moment
        }
    }

    private static func matches(_ glob: Glob, faultsOf call: borrowing CallRecord) -> Bool {
        guard let faults = call.content(.faults), let list = (try? Value.parse(faults.span))?.array else {
            return false
        }
        return list.contains { fault in
            ["name", "fault"].contains { fault[$0]?.text.map { glob.matches(Array($0.utf8)) } == true }
        }
    }
}

/// Why a query cannot be meant: the parameter and what is wrong with it.
package struct QueryError: Error, Equatable, CustomStringConvertible {
    package var parameter: String
    package var message: String

    package var description: String { "\(parameter): \(message)" }
}

extension Query {
    package static let names =
        CallField.askable.compactMap(\.definition.member) + ["fault", "unmatched", "since", "until", "limit"]

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
                case .bool(let truth): texts.append(String(truth))
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
        if let field = CallField.askable.first(where: { $0.definition.member == name && $0.definition.kind == .text }) {
            self[field] = Glob(field == .trace ? CallerTrace.read(text) : text)
            return
        }
        switch name {
        case "status": statuses = try Self.list(text) { (item) throws(QueryError) in try Self.statuses(item) }
        case "outcome": outcomes = try Self.list(text) { (item) throws(QueryError) in try Self.outcome(item) }
        case "fault": fault = Glob(text)
        case "unmatched":
            guard text == "true" || text == "false" else { throw refuse("\"\(text)\" is neither true nor false") }
            isUnmatched = text == "true"
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

    private static func statuses(_ text: String) throws(QueryError) -> ClosedRange<Int> {
        if let range = StatusRange.read(text) { return range }
        throw QueryError(parameter: "status", message: "\"\(text)\" is none of 404, 4xx, 200-299")
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

/// What queries and expectations ask for in the same words.
package enum StatusRange {
    /// `404`, `4xx` or `200-299`.
    package static func read(_ text: String) -> ClosedRange<Int>? {
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

extension Glob {
    /// An agent matches by its ARN or by the id at its end.
    package func matches(agent text: Span<UInt8>) -> Bool {
        if matches(text) { return true }
        var start = text.count
        while start > 0, text[start - 1] != UInt8(ascii: "/") { start -= 1 }
        return start > 0 && matches(text.extracting(start...))
    }
}
