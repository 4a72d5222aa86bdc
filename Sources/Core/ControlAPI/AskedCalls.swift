import Bytes
import Journal

/// Which calls are asked for, and how much of each: the parameters of `calls` and `calls/stream`.
struct AskedCalls {
    var query: Query
    /// `as=summary`: what a list shows of a call, without fields and bodies.
    var extent = CallRecord.Extent.whole
    /// `events=all`: more than that calls arrive and end.
    var tellsAll = false

    init(_ request: ControlRequest, isStream: Bool = false) throws(ControlRefusal) {
        guard let parameters = request.parameters else {
            throw ControlRefusal(400, "the query of the URL is not encoded as URLs are")
        }
        var ours: [(String, String)] = []
        for (name, value) in parameters {
            switch name {
            case "as": extent = try Self.extent(value)
            case "events" where isStream: tellsAll = try Self.isAll(value)
            default: ours.append((name, value))
            }
        }
        do throws(QueryError) {
            query = try Query(parameters: ours)
        } catch {
            throw ControlRefusal(400, error.description)
        }
        // Through a space's own address only its calls are seen.
        if let space = request.space { query[.space] = Glob(space) }
    }

    private static func extent(_ text: String) throws(ControlRefusal) -> CallRecord.Extent {
        guard text == "summary" else {
            throw ControlRefusal(400, "as: calls are told whole, or with as=summary in short")
        }
        return .summary
    }

    private static func isAll(_ text: String) throws(ControlRefusal) -> Bool {
        guard text == "all" else { throw ControlRefusal(400, "events: there is all, which tells of more than calls") }
        return true
    }
}
