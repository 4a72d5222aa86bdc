import Delivery
import JSON
import Journal
import Time

/// A call and how it ended, as tests make them; what the journal keeps of both is its record.
@dynamicMemberLookup
package struct EndedCall: Sendable {
    package var call: Call
    package var ending: Report?

    package init(_ call: Call, _ ending: Report? = nil) { (self.call, self.ending) = (call, ending) }

    package subscript<Value>(dynamicMember path: WritableKeyPath<Call, Value>) -> Value {
        get { call[keyPath: path] }
        set { call[keyPath: path] = newValue }
    }

    package var record: CallRecord { CallRecord(call, ending) }

    /// What happened: that it arrived, and that it ended.
    package var events: [CallEvent] {
        [CallEvent(arrivalOf: call)] + (ending.map { [CallEvent(endOf: call.number, $0)] } ?? [])
    }
}

extension CallEvent {
    package convenience init(arrivalOf call: Call) {
        self.init()
        setArrival(of: call)
    }

    package convenience init(endOf number: Int, _ report: Report) {
        self.init()
        setEnding(of: number, report)
    }
}

extension CallRecord {
    package init(_ call: Call, _ ending: Report? = nil) {
        let arrival = CallEvent(arrivalOf: call)
        let later = ending.map { CallEvent(endOf: call.number, $0).bytes } ?? []
        let middle = arrival.bytes.count
        self.init(
            bytes: arrival.bytes + later, arrival: 0..<middle, later: middle..<middle + later.count,
            frames: arrival.frames)
    }

    package var json: Value { json(now: nil) }

    package func json(now: Instant?) -> Value {
        var bytes: [UInt8] = []
        appendJSON(to: &bytes, now: now)
        do { return try Value.parse(bytes) } catch {
            return .string("no JSON: \(String(decoding: bytes, as: UTF8.self))")
        }
    }

    /// How it ended.
    package var ending: Report? {
        outcome.map { outcome in
            Report(
                outcome: outcome, firstByte: number(.firstByte), ended: number(.ended) ?? 0,
                bytes: Int(number(.bytes) ?? 0), frames: frameLog)
        }
    }

    /// The faults that were to strike, each as one text.
    package var faults: [String] {
        (json["faults"]?.array ?? []).map { fault in
            Call.Fault(
                name: fault["name"]?.text ?? "", fault: fault["fault"]?.text ?? "",
                isApplied: fault["applied"]?.bool ?? true, why: fault["why"]?.text
            ).text
        }
    }
}

extension Call.Fault {
    /// `slow`, or `cut (not applied: the reply has no frames)`.
    package var text: String { isApplied ? name : "\(name) (not applied: \(why ?? ""))" }
}

/// Two records are the same when they tell the same.
extension CallRecord: Equatable {
    package static func == (left: CallRecord, right: CallRecord) -> Bool {
        left.json == right.json && left.number(.httpMinor) == right.number(.httpMinor)
    }
}

extension CallLog {
    @discardableResult package mutating func append(_ call: Call) -> Bool { append(CallEvent(arrivalOf: call)) }

    @discardableResult package mutating func end(_ number: Int, _ report: Report) -> Bool {
        append(CallEvent(endOf: number, report))
    }

    /// All calls that match.
    package func calls(matching query: Query = Query()) -> [CallRecord] {
        var search = CallSearch(query, in: self)
        var found: [CallRecord] = []
        var budget = Int.max
        while case .call = search.next(in: self, budget: &budget) { found.append(search.record) }
        return found
    }
}
