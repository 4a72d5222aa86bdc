import Bytes
import Faults
import Journal

/// A plan as JSON, some calls at a time.
private struct PlanParts: IteratorProtocol {
    private var text: PlanJSON

    init(_ plans: [FaultPlan]) { text = PlanJSON(plans) }

    mutating func next() -> SharedTexts.Text? { text.next().map(SharedTexts.Text.init) }
}

extension ControlCalls {
    private static let usualCalls = 200
    private static let mostCalls = 1_000_000

    /// `plan?calls=200`: the decisions to come, of each agent after what it has met. `from=1` shows all of them, as an
    /// agent not called yet will meet them.
    static let plan = ControlCalls(
        ControlCall("GET", "plan") { (request, world) throws(ControlRefusal) in
            let (asked, from) = try range(request)
            let (book, calls) = (try world.space(of: request).faults, asked ?? usualCalls)
            if let from { return .pulled(PlanParts([book.plan(calls: calls, from: from)])) }
            let plans = book.plansToCome(calls: calls)
            // One plan for each agent that was called may add up to more than anybody reads.
            guard plans.count * calls <= mostCalls else {
                throw ControlRefusal(
                    400, "\(plans.count) agents were called so far: ask for \(mostCalls / plans.count) calls at most")
            }
            return .pulled(PlanParts(plans))
        })

    private static func range(_ request: ControlRequest) throws(ControlRefusal) -> (calls: Int?, from: Int?) {
        var (calls, from): (Int?, Int?)
        for (name, value) in request.parameters ?? [("", "")] {
            let number = ASCII.decimal(Array(value.utf8)).flatMap { (1...mostCalls).contains($0) ? $0 : nil }
            switch name {
            case "calls" where number != nil && calls == nil: calls = number
            case "from" where number != nil && from == nil: from = number
            default:
                throw ControlRefusal(
                    400, "the plan takes the parameters calls and from, each a number from 1 to \(mostCalls)")
            }
        }
        return (calls, from)
    }
}
