import Bytes

/// `GET /_understudy/plan?calls=200`: the decisions to come.
enum PlanCalls {
    private static let usual = 200
    private static let most = 1_000_000

    static let get = ControlCall(method: "GET", path: "plan") { (request, service) throws(ControlRefusal) in
        var calls = usual
        for (name, value) in request.parameters ?? [] {
            guard name == "calls", let number = ASCII.decimal(Array(value.utf8)), (1...most).contains(number) else {
                throw ControlRefusal(400, "the plan takes one parameter: calls, a number from 1 to \(most)")
            }
            calls = number
        }
        return try service.steer(.plan(calls: calls), request)
    }
}
