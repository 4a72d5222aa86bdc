import Bytes
import Time
import Verdicts

/// As a picture that needs nothing else: its colours are its own, for a light and for a dark page.
extension Picture {
    package var svg: String {
        var canvas = Canvas()
        canvas.text(title: kind.title, at: 36)
        canvas.y = 56
        if lanes.isEmpty { canvas.line("nothing was called") }
        for lane in lanes { lane.draw(kind, on: &canvas) }
        return canvas.svg(label: kind.title)
    }
}

extension Picture.Lane {
    fileprivate func draw(_ kind: ReportKind, on canvas: inout Canvas) {
        let ruling = finding.ruling
        canvas.verdict(ruling.judgement, title)
        for line in Canvas.wrapped(ruling.because) { canvas.line(line) }
        canvas.y += 6
        if !ruling.intervals.isEmpty { drawStates(on: &canvas) }
        if kind == .backoff { drawWaits(on: &canvas) }
        if kind == .refresh { drawTokens(on: &canvas) }
        for kind in ReportedCall.Class.allCases {
            let own = calls.filter { $0.kind == kind && !$0.isIssuer }
            if !own.isEmpty { drawCalls(own, kind, on: &canvas) }
        }
        let issuer = calls.filter(\.isIssuer)
        if !issuer.isEmpty { drawCalls(issuer, nil, on: &canvas) }
        if !calls.isEmpty || !ruling.intervals.isEmpty { drawAxis(on: &canvas) }
        if leftOut > 0 { canvas.line("\(leftOut) earlier calls are left out") }
        if !ruling.calls.isEmpty {
            let shown = ruling.calls.map(String.init).joined(separator: ", ")
            for line in Canvas.wrapped("calls \(shown)") { canvas.line(line, style: "soft") }
        }
        canvas.figures(FigureLines.lines(ruling.figures))
        canvas.y += 24
    }

    private func drawStates(on canvas: inout Canvas) {
        canvas.label("states", height: 22)
        for interval in finding.ruling.intervals {
            let (from, to) = (canvas.x(span.place(interval.from)), canvas.x(span.place(interval.to)))
            let seconds = Double(interval.to.nanoseconds - interval.from.nanoseconds) / 1e9
            canvas.bar(
                from, to, height: 22, style: "state \(Canvas.word(interval.state))",
                tip: "\(interval.state), \(Figure.time(seconds)), from \(interval.from.rfc3339Seconds)")
            let words = "\(interval.state) \(Figure.time(seconds))"
            if to - from > Double(words.count) * 7 { canvas.inside(words, at: from + 5, height: 22) }
        }
        canvas.y += 28
    }

    private func drawCalls(_ calls: [ReportedCall], _ kind: ReportedCall.Class?, on canvas: inout Canvas) {
        canvas.label(kind?.rawValue ?? "issuer", height: 16)
        for call in calls {
            let from = canvas.x(span.place(call.arrived))
            let to = max(from + 2, canvas.x(span.place(call.ended ?? span.end)))
            let style = kind.map { Canvas.word($0.rawValue) } ?? "issuer"
            canvas.bar(from, to, height: 14, style: "call \(style)", tip: "call \(call.number): \(call.label)")
        }
        canvas.y += 19
    }

    private func drawWaits(on canvas: inout Canvas) {
        let bands = WaitBand.bands(finding.ruling.figures)
        let longest = bands.reduce(0.001) { max($0, $1.most, $1.to) }
        for band in bands {
            canvas.label("failure \(band.failure)", height: 20)
            func x(_ seconds: Double) -> Double { canvas.x(seconds / longest) }
            canvas.bar(
                x(band.from), max(x(band.from) + 2, x(band.to)), height: 20, style: "band",
                tip: "the policy waits \(Figure.time(band.from)) to \(Figure.time(band.to))")
            canvas.bar(
                x(band.least), max(x(band.least) + 2, x(band.most)), height: 8, style: "call answered",
                tip: "\(band.count) waits from \(Figure.time(band.least)) to \(Figure.time(band.most))")
            canvas.bar(
                x(band.median) - 1, x(band.median) + 1, height: 20, style: "median",
                tip: "median \(Figure.time(band.median))")
            canvas.y += 24
        }
        if let last = bands.last {
            canvas.line(
                "policy after failure \(last.failure): \(Figure.time(last.from)) to \(Figure.time(last.to)); the axis of waits ends at \(Figure.time(longest))",
                style: "soft")
        }
    }

    private func drawTokens(on canvas: inout Canvas) {
        for life in TokenLife.lives(calls) {
            canvas.label("token \(life.id.prefix(8))", height: 16)
            let (from, to) = (canvas.x(span.place(life.from)), canvas.x(span.place(life.to)))
            canvas.bar(from, max(from + 2, to), height: 16, style: "band", tip: life.text)
            for use in life.uses {
                let at = canvas.x(span.place(use.at))
                canvas.bar(
                    at, at + 3, height: 16, style: use.isRefused ? "call refused" : "call answered",
                    tip: "call \(use.call)" + (use.isRefused ? ": refused" : ""))
            }
            canvas.y += 20
        }
    }

    private func drawAxis(on canvas: inout Canvas) {
        for tick in span.ticks(atMost: 8) { canvas.tick(tick / span.seconds, "+\(Figure.time(tick))") }
        canvas.y += 20
        canvas.line("from \(span.start.rfc3339), \(Figure.time(span.seconds))", style: "soft")
    }
}

/// The picture on a page, with what it says as a table for whoever cannot see it.
extension Picture {
    package var html: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(Markup.escaped(kind.title))</title>
        <style>
          body { margin: 0 auto; max-width: 960px; font: 14px ui-sans-serif, system-ui, sans-serif; color: #1b1f24; background: #ffffff; }
          svg { width: 100%; height: auto; }
          table { border-collapse: collapse; margin: 0 24px 24px; } th, td { text-align: left; padding: 2px 12px 2px 0; vertical-align: top; }
          @media (prefers-color-scheme: dark) { body { color: #e6edf3; background: #0d1117; } }
        </style>
        </head>
        <body>
        \(svg)\(lanes.map(\.table).joined())</body>
        </html>

        """
    }
}

extension Picture.Lane {
    fileprivate var table: String {
        let rows = FigureLines.lines(finding.ruling.figures).map {
            "<tr><th scope=\"row\">\(Markup.escaped($0.name))</th><td>\(Markup.escaped($0.text))</td></tr>\n"
        }
        let caption = "\(finding.ruling.judgement.rawValue): \(title). \(finding.ruling.because)"
        return "<table>\n<caption>\(Markup.escaped(caption))</caption>\n\(rows.joined())</table>\n"
    }
}
