import Bytes

/// `GET /_understudy/plan?calls=200`: the decisions to come, of each agent after what it has met. `from=1` shows all of
/// them, as an agent not called yet will meet them.
enum PlanCalls {
    private static let usual = 200
    private static let most = 1_000_000

    static let get = ControlCall(method: "GET", path: "plan") { (request, service) throws(ControlRefusal) in
        var (calls, from): (Int?, Int?)
        for (name, value) in request.parameters ?? [("", "")] {
            switch (name, ASCII.decimal(Array(value.utf8))) {
            case ("calls", .some(1...most)) where calls == nil: calls = ASCII.decimal(Array(value.utf8))
            case ("from", .some(1...most)) where from == nil: from = ASCII.decimal(Array(value.utf8))
            default:
                throw ControlRefusal(
                    400, "the plan takes the parameters calls and from, each a number from 1 to \(most)")
            }
        }
        return try service.steer(.plan(calls: calls ?? usual, from: from), request)
    }
}
