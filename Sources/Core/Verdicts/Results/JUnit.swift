/// The findings as JUnit's XML: a failure for `fail`, an error for `inconclusive`.
extension Findings {
    package func junit(suite: String) -> String {
        let failures = results.filter { $0.ruling.judgement == .fail }.count
        let errors = results.filter { $0.ruling.judgement == .inconclusive }.count
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites tests=\"\(results.count)\" failures=\"\(failures)\" errors=\"\(errors)\">\n"
        text += "  <testsuite name=\"\(XML.escaped(suite))\" tests=\"\(results.count)\""
        text += " failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"0\">\n"
        for result in results { text += result.testCase }
        return text + "  </testsuite>\n</testsuites>\n"
    }
}

extension Finding {
    fileprivate var testCase: String {
        let whom = (by.map { " (\($0))" } ?? "") + (space.isEmpty ? "" : " in \(space)")
        let head = "    <testcase classname=\"\(XML.escaped(kind))\" name=\"\(XML.escaped(name + whom))\""
        let element: String
        switch ruling.judgement {
        case .pass: return head + "/>\n"
        case .fail: element = "failure"
        case .inconclusive: element = "error"
        }
        let calls = ruling.calls.isEmpty ? "" : "calls \(ruling.calls.map(String.init).joined(separator: ", "))\n"
        let because = XML.escaped(ruling.because)
        return head + ">\n      <\(element) message=\"\(because)\" type=\"\(ruling.judgement.rawValue)\">"
            + XML.escaped(calls) + "</\(element)>\n    </testcase>\n"
    }
}

package enum XML {
    /// For texts and attributes. XML 1.0 2.2: of the control characters only tab, line feed and carriage return are
    /// characters; what is none is replaced.
    package static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&apos;"
            case "\t", "\n", "\r": escaped += "&#\(scalar.value);"
            default:
                let isCharacter = scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
                escaped.unicodeScalars.append(isCharacter ? scalar : "\u{FFFD}")
            }
        }
        return escaped
    }
}
