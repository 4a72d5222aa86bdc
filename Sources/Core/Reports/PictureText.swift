import Time
import Verdicts

/// For a terminal, as wide as it is: the states as a band, the calls below it in a row for each way to end.
extension Picture {
    package func text(width: Int, colour: Bool) -> String {
        guard !lanes.isEmpty else { return "nothing was called\n" }
        let width = max(48, width)
        return lanes.map { $0.text(kind, width: width, colour: colour) }.joined(separator: "\n")
    }
}

extension Picture.Lane {
    private static let margin = 12

    fileprivate func text(_ kind: ReportKind, width: Int, colour: Bool) -> String {
        let ruling = finding.ruling
        var text = "\(Paint.word(ruling.judgement, colour))  \(Paint.plain(title))\n"
        text += Paint.wrapped(ruling.because, width: width, indentation: 6)
        let columns = width - Self.margin - 1
        if !ruling.intervals.isEmpty { text += row("states", states(columns, colour)) }
        if kind == .backoff { text += waits(columns, colour) }
        if kind == .refresh { text += tokens(columns) }
        for kind in ReportedCall.Class.allCases {
            let own = calls.filter { $0.kind == kind && !$0.isIssuer }
            if !own.isEmpty { text += row(kind.rawValue, marks(own, columns, Paint.colour(of: kind), colour)) }
        }
        if !calls.isEmpty { text += axis(columns) }
        if leftOut > 0 { text += row("", "\(leftOut) earlier calls are left out") }
        let figures = FigureLines.lines(ruling.figures).map { "\($0.name) \($0.text)" }
        return text + Paint.wrapped(figures.joined(separator: " · "), width: width, indentation: 6)
    }

    private func row(_ name: String, _ content: String) -> String {
        let label = String(repeating: " ", count: max(0, Self.margin - 1 - name.count)) + name
        return "\(label) \(content)\n"
    }

    private func states(_ columns: Int, _ colour: Bool) -> String {
        var (line, used) = ("", 0)
        for interval in finding.ruling.intervals {
            let end = min(columns, max(used + 1, Int(span.place(interval.to) * Double(columns) + 0.5)))
            line += Paint.stretch(interval.state, end - used, colour)
            used = max(used, end)
        }
        return line
    }

    /// One mark a column: a digit where several calls share it.
    private func marks(_ calls: [ReportedCall], _ columns: Int, _ code: String, _ colour: Bool) -> String {
        var counts = [Int](repeating: 0, count: columns)
        for call in calls { counts[min(columns - 1, Int(span.place(call.arrived) * Double(columns)))] += 1 }
        let line = counts.map { $0 == 0 ? "·" : $0 == 1 ? "│" : $0 < 10 ? String($0) : "#" }.joined()
        return colour ? "\u{1B}[\(code)m\(line)\u{1B}[0m" : line
    }

    private func axis(_ columns: Int) -> String {
        var line = [Character](repeating: " ", count: columns)
        for tick in span.ticks(atMost: max(2, columns / 12)) {
            let place = Int(tick / span.seconds * Double(columns))
            let label = Array("+\(Figure.time(tick))")
            guard place + label.count <= columns,
                line[max(0, place - 1)..<place + label.count].allSatisfy({ $0 == " " })
            else { continue }
            for (offset, character) in label.enumerated() { line[place + offset] = character }
        }
        return row("", String(line)) + row("from", span.start.rfc3339Seconds)
    }

    // MARK: Waits and tokens

    /// For each number of failures: the policy's band, and what was seen in it.
    private func waits(_ columns: Int, _ colour: Bool) -> String {
        let bands = WaitBand.bands(finding.ruling.figures)
        let longest = bands.reduce(0.001) { max($0, $1.most, $1.to.isFinite ? $1.to : 0) }
        return bands.map { band in
            var line = [Character](repeating: " ", count: columns)
            func column(_ seconds: Double) -> Int {
                min(columns - 1, max(0, Int(seconds / longest * Double(columns - 1))))
            }
            for place in column(band.from)...max(column(band.from), column(band.to)) { line[place] = "░" }
            for place in column(band.least)...max(column(band.least), column(band.most)) { line[place] = "━" }
            line[column(band.median)] = "┿"
            let shown =
                "\(Figure.time(band.least)) to \(Figure.time(band.most)), policy \(Figure.time(band.from)) to \(Figure.time(band.to))"
            return row("failure \(band.failure)", String(line)) + row("", shown)
        }.joined()
    }

    private func tokens(_ columns: Int) -> String {
        TokenLife.lives(calls).map { life in
            var line = [Character](repeating: " ", count: columns)
            func column(_ moment: Instant) -> Int { min(columns - 1, Int(span.place(moment) * Double(columns))) }
            for place in column(life.from)...max(column(life.from), column(life.to)) { line[place] = "─" }
            for use in life.uses { line[column(use.at)] = use.isRefused ? "×" : "•" }
            return row("token", String(line)) + row("", life.text)
        }.joined()
    }
}

extension Paint {
    static func colour(of kind: ReportedCall.Class) -> String {
        switch kind {
        case .answered: "32"
        case .failed: "31"
        case .refused: "33"
        case .running: "36"
        }
    }
}
