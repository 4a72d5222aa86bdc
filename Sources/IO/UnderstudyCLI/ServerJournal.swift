import Bytes
import JSON
import Journal
import SSEWire
import Time

/// The calls that a running server holds.
struct ServerJournal {
    let client: ServerClient
    let filters: [(String, String)]
    let printer: CallPrinter

    func printAll() throws(Failure) {
        try eachCall { (call) throws(Failure) in try printer.print(call) }
    }

    /// Every call once, when it has ended, until the server stops.
    ///
    /// The stream is opened before the list is read: what ends in between is in both, and nothing is in neither.
    func follow() throws(Failure) {
        var events = Parser()
        var listed = Listed()
        var isListed = false
        try client.stream("/_understudy/calls/stream" + queryText) { (bytes) throws(Failure) in
            guard !bytes.isEmpty else { return }
            if !isListed { listed = try printEnded() }
            isListed = true
            for event in events.feed(bytes) { try take(event, &listed) }
        }
    }

    /// Calls that the list had, as long as the stream may tell of them again.
    private struct Listed {
        var numbers: Set<Int> = []
        var newest = Instant(nanoseconds: .min)
    }

    private func printEnded() throws(Failure) -> Listed {
        var listed = Listed()
        try eachCall { (call) throws(Failure) in
            guard Self.hasEnded(call), let number = call["number"]?.integer else { return }
            listed.numbers.insert(number)
            listed.newest = max(listed.newest, Self.arrival(of: call))
            try printer.print(call)
        }
        return listed
    }

    private func take(_ event: Event, _ listed: inout Listed) throws(Failure) {
        guard let call = event.data.flatMap({ try? Value.parse($0) }) else { return }
        if let missed = call["missed"]?.integer {
            printer.console.complain("understudy journal: \(missed) changes came too fast and are left out")
        }
        guard event.event == "ended", let number = call["number"]?.integer else { return }
        // After a reset of the server, numbers begin again: the same number is another call.
        if listed.numbers.remove(number) != nil, Self.arrival(of: call) <= listed.newest { return }
        try printer.print(call)
    }

    private static func hasEnded(_ call: Value) -> Bool { call["outcome"]?.text != nil }

    private static func arrival(of call: Value) -> Instant {
        call["arrived"]?.text.flatMap { Instant(rfc3339: Array($0.utf8)) } ?? Instant(nanoseconds: .min)
    }

    private func eachCall(_ body: (Value) throws(Failure) -> Void) throws(Failure) {
        var elements = CallElements()
        try client.get("/_understudy/calls" + queryText) { (bytes) throws(Failure) in
            for element in elements.feed(bytes) {
                guard let call = try? Value.parse(element) else {
                    throw Failure("the server sent a call that is not JSON")
                }
                try body(call)
            }
        }
        guard elements.isComplete else { throw Failure("what the server sent is no list of calls") }
    }

    private var queryText: String {
        guard !filters.isEmpty else { return "" }
        return "?" + filters.map { "\($0.0)=\(PercentEncoding.encode($0.1.utf8))" }.joined(separator: "&")
    }
}
