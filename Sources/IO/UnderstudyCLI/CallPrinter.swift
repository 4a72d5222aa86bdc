import JSON
import Journal

/// Calls as lines: for people, or as JSON for programs.
struct CallPrinter: Sendable {
    let isJSON: Bool
    let console: Console

    func print(_ call: Value) throws(Failure) {
        try console.print(isJSON ? call.json() : CallLine(call).text())
    }

    func print(_ call: Call) throws(Failure) {
        try console.print(isJSON ? call.json.json() : CallLine(call).text())
    }
}
