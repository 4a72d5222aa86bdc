import Bytes
import JSON

/// Plans of one book's faults as one, the calls of one agent after those of another, in pieces:
/// `{"seed": 7, "space": "default", "faults": [{"name", "fault", "counted", "condition"?}…],
/// "calls": [{"call": 1, "strikes": [{"name": "slow", "delay": 1320.417}]}…]}`, a call in a line. `delay` is in
/// milliseconds; `"if": true` says that the fault's condition has to hold too. A plan for one agent has its `"agent"` in
/// each line.
package struct PlanJSON: IteratorProtocol {
    private static let callsInPiece = 64

    private let plans: [FaultPlan]
    /// The plan whose calls come next; -1 before all of them.
    private var plan = -1
    private var call = 0
    private var columns: [FaultPlan.Column] = []
    private var names: [[UInt8]] = []
    private var isFirst = true

    package init(_ plans: [FaultPlan]) { self.plans = plans }

    package mutating func next() -> [UInt8]? {
        guard plan >= 0 else {
            begin(0)
            return head
        }
        while plan < plans.count {
            let end = plans[plan].first + plans[plan].calls
            guard call < end else {
                begin(plan + 1)
                continue
            }
            var json: [UInt8] = []
            for _ in 0..<min(Self.callsInPiece, end - call) { appendCall(to: &json) }
            return json
        }
        guard plan == plans.count else { return nil }
        plan += 1
        return Array("\n]}\n".utf8)
    }

    private mutating func begin(_ number: Int) {
        plan = number
        guard plan < plans.count else { return }
        (call, columns) = (plans[plan].first, plans[plan].columns)
        names = columns.map { Value.string($0.definition.name).compact }
    }

    private var head: [UInt8] {
        var columns: [FaultPlan.Column] = []
        for plan in plans {
            for column in plan.columns where !columns.contains(where: { $0.definition === column.definition }) {
                columns.append(column)
            }
        }
        let head: Value = [
            "seed": .number(String(plans.first?.seed ?? 0)), "space": .string(plans.first?.space ?? ""),
            "faults": .array(columns.map(\.summary)),
        ]
        return head.compact.dropLast() + Array(",\"calls\":[".utf8)
    }

    private mutating func appendCall(to json: inout [UInt8]) {
        json.append(isFirst ? "\n{" : ",\n{" as StaticString)
        isFirst = false
        if let agent = plans[plan].agent {
            json.append("\"agent\":")
            Value.string(agent).append(to: &json)
            json.append(",")
        }
        json.append("\"call\":")
        json.append(decimal: call)
        json.append(",\"strikes\":[")
        call += 1
        appendStrikes(to: &json)
        json.append("]}")
    }

    private mutating func appendStrikes(to json: inout [UInt8]) {
        var isFirst = true
        for index in columns.indices {
            let cell = columns[index].next()
            if cell == .none { continue }
            if !isFirst { json.append(",") }
            isFirst = false
            cell.append(to: &json, name: names[index])
        }
    }
}

extension FaultPlan {
    package var json: [UInt8] {
        var (text, json): (PlanJSON, [UInt8]) = (PlanJSON([self]), [])
        while let piece = text.next() { json += piece }
        return json
    }
}

extension FaultPlan.Column {
    fileprivate var summary: Value {
        var members: [Value.Member] = [
            .init("name", .string(definition.name)), .init("fault", .string(definition.entry.fault)),
            .init("counted", .string(counting.rawValue)),
        ]
        if definition.isOnce { members.append(.init("once", true)) }
        if let condition = definition.fault.condition { members.append(.init("condition", .string(condition))) }
        return .object(members)
    }
}

extension FaultPlan.Cell {
    fileprivate func append(to json: inout [UInt8], name: [UInt8]) {
        json.append("{\"name\":")
        json.append(contentsOf: name)
        switch self {
        case .none, .strikes: break
        case .may: json.append(",\"if\":true")
        case .draws(let nanoseconds):
            json.append(",\"delay\":")
            json.append(milliseconds: nanoseconds)
        }
        json.append("}")
    }
}
