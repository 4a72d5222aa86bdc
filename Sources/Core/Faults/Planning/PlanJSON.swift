import Bytes
import JSON

extension FaultPlan {
    /// `{"seed": 7, "space": "default", "faults": [{"name", "fault", "counted", "condition"?}…],
    /// "calls": [{"call": 1, "strikes": [{"name": "slow", "delay": 1320.417}]}…]}`, a call in a line. `delay` is in
    /// milliseconds; `"if": true` says that the fault's condition has to hold too.
    package var json: [UInt8] {
        let head: Value = [
            "seed": .number(String(seed)), "space": .string(space), "faults": .array(columns.map(\.summary)),
        ]
        var json = head.compact
        json.removeLast()
        json.append(",\"calls\":[")
        let names = columns.map { Value.string($0.definition.name).compact }
        var columns = columns
        for call in stride(from: 1, through: calls, by: 1) {
            json.append(call == 1 ? "\n{\"call\":" : ",\n{\"call\":" as StaticString)
            json.append(decimal: call)
            json.append(",\"strikes\":[")
            var isFirst = true
            for index in columns.indices {
                let cell = columns[index].next()
                if cell == .none { continue }
                if !isFirst { json.append(UInt8(ascii: ",")) }
                isFirst = false
                cell.append(to: &json, name: names[index])
            }
            json.append("]}")
        }
        json.append("\n]}\n")
        return json
    }
}

extension FaultPlan.Column {
    fileprivate var summary: Value {
        var members: [Value.Member] = [
            .init("name", .string(definition.name)), .init("fault", .string(definition.entry.fault)),
            .init("counted", .string(counting.rawValue)),
        ]
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
