import Bytes

/// The findings as JUnit's XML: a failure for `fail`, an error for `inconclusive`.
extension Findings {
    package func junit(suite: String) -> String {
        let failures = results.filter { $0.ruling.judgement == .fail }.count
        let errors = results.filter { $0.ruling.judgement == .inconclusive }.count
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites tests=\"\(results.count)\" failures=\"\(failures)\" errors=\"\(errors)\">\n"
        text += "  <testsuite name=\"\(Markup.escaped(suite))\" tests=\"\(results.count)\""
        text += " failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"0\">\n"
        for result in results { text += result.testCase }
        return text + "  </testsuite>\n</testsuites>\n"
    }
}

extension Finding {
    fileprivate var testCase: String {
        let whom = (by.map { " (\($0))" } ?? "") + (space.isEmpty ? "" : " in \(space)")
        let head = "    <testcase classname=\"\(Markup.escaped(kind))\" name=\"\(Markup.escaped(name + whom))\""
        let element: String
        switch ruling.judgement {
        case .pass: return head + "/>\n"
        case .fail: element = "failure"
        case .inconclusive: element = "error"
        }
        let calls = ruling.calls.isEmpty ? "" : "calls \(ruling.calls.map(String.init).joined(separator: ", "))\n"
        let because = Markup.escaped(ruling.because)
        return head + ">\n      <\(element) message=\"\(because)\" type=\"\(ruling.judgement.rawValue)\">"
            + Markup.escaped(calls) + "</\(element)>\n    </testcase>\n"
    }
}
