import Bytes
import JSON
import Time

/// The findings for people at a terminal, with the intervals drawn as a line as wide as it is.
extension Findings {
    /// Columns of the terminal; colour only where it shows.
    package func text(width: Int, colour: Bool) -> String {
        var text = ""
        for result in results { text += result.text(width: max(40, width), colour: colour) }
        let count = results.count == 1 ? "1 result" : "\(results.count) results"
        return text + "\(Paint.word(judgement, colour)): \(count)\n"
    }
}

extension Finding {
    fileprivate func text(width: Int, colour: Bool) -> String {
        let whom = (by.map { " of \($0)" } ?? "") + (space.isEmpty ? "" : " in \(space)")
        var text = "\(Paint.word(ruling.judgement, colour))  \(Paint.plain(name))\(Paint.plain(whom))\n"
        text += Paint.wrapped(ruling.because, width: width, indentation: 6)
        if !ruling.calls.isEmpty {
            let shown = ruling.calls.prefix(12).map(String.init).joined(separator: ", ")
            let more = ruling.calls.count > 12 ? " and \(ruling.calls.count - 12) more" : ""
            text += Paint.wrapped("calls \(shown)\(more)", width: width, indentation: 6)
        }
        let plain = ruling.figures.compactMap { figure -> String? in
            switch figure.value {
            case .number(let literal): "\(figure.name) \(literal)"
            case .string(let words): "\(figure.name) \(words)"
            default: nil
            }
        }
        if !plain.isEmpty { text += Paint.wrapped(plain.joined(separator: ", "), width: width, indentation: 6) }
        return text + timeline(width: width, colour: colour)
    }

    /// `closed ━━━━━━ open ┄┄┄┄┄┄ half-open ━`, each state as long as it lasted.
    private func timeline(width: Int, colour: Bool) -> String {
        guard let first = ruling.intervals.first, let last = ruling.intervals.last, last.to > first.from else {
            return ""
        }
        let columns = width - 8
        let span = last.to.seconds(after: first.from)
        var line = ""
        var used = 0
        for interval in ruling.intervals {
            let end = Int(interval.to.seconds(after: first.from) / span * Double(columns) + 0.5)
            let count = max(0, min(columns, end) - used)
            used += count
            line += Paint.stretch(interval.state, count, colour)
        }
        return "      \(line)\n      \(first.from.rfc3339Seconds), \(Figure.time(span))\n"
    }
}

package enum Paint {
    package static func word(_ judgement: Judgement, _ colour: Bool) -> String {
        let (word, code) =
            switch judgement {
            case .pass: ("pass", "32")
            case .fail: ("FAIL", "31")
            case .inconclusive: ("inconclusive", "33")
            }
        return colour ? "\u{1B}[\(code)m\(word)\u{1B}[0m" : word
    }

    package static func stretch(_ state: String, _ count: Int, _ colour: Bool) -> String {
        let (mark, code) =
            switch state {
            case "open": ("░", "31")
            case "half-open": ("▒", "33")
            default: ("█", "32")
            }
        guard count > 0 else { return "" }
        let stretch = String(repeating: mark, count: count)
        return colour ? "\u{1B}[\(code)m\(stretch)\u{1B}[0m" : stretch
    }

    /// Names come from the wire: what a terminal obeys is not shown to it.
    package static func plain(_ text: String) -> String {
        var plain = ""
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            plain.unicodeScalars.append(isControl ? "\u{FFFD}" : scalar)
        }
        return plain
    }

    package static func wrapped(_ text: String, width: Int, indentation: Int) -> String {
        let margin = String(repeating: " ", count: indentation)
        var lines = ""
        var line = ""
        for word in plain(text).split(separator: " ") {
            if !line.isEmpty, line.count + word.count + 1 > width - indentation {
                lines += "\(margin)\(line)\n"
                line = ""
            }
            line += line.isEmpty ? String(word) : " \(word)"
        }
        return lines + "\(margin)\(line)\n"
    }
}

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
