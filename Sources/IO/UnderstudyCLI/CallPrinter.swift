import Bytes
import JSON
import Journal

/// Calls as lines: for people, or as JSON for programs.
struct CallPrinter: Sendable {
    let isJSON: Bool
    let console: Console

    func print(_ call: Value) throws(Failure) {
        try console.print(isJSON ? call.json() : CallLine(call).text())
    }

    func print(_ call: CallRecord) throws(Failure) {
        guard isJSON else { return try console.print(CallLine(call).text()) }
        var json: [UInt8] = []
        call.appendJSON(to: &json)
        try console.print(String(lossy: json))
    }
}
