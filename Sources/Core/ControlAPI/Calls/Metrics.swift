import Delivery
import Emulator
import JSON
import Journal

extension ControlCalls {
    /// For Prometheus: its text format, version 0.0.4.
    static let metrics = ControlCalls(
        ControlCall("GET", "metrics") { _, world in
            .pulled(MetricsParts(world), contentType: "text/plain; version=0.0.4; charset=utf-8")
        })
}

/// The families one after the other, those of many agents series by series: a reader that is slow holds the counts of the
/// moment when it asked, and not the text.
private struct MetricsParts: IteratorProtocol {
    private let series: [CallMetrics.Series]
    private let lateness: CallMetrics.Classes
    private let world: ControlWorld
    private var place = 0

    init(_ world: ControlWorld) {
        let metrics = world.journal.metrics
        (series, lateness, self.world) = (metrics.series, metrics.lateness, world)
    }

    mutating func next() -> SharedTexts.Text? {
        guard place <= 2 * series.count else { return nil }
        var text = MetricsText()
        if place == 0 { text.beginCalls() }
        if place == series.count { text.beginDurations() }
        if place < series.count {
            text.calls(series[place])
        } else if place < 2 * series.count {
            text.durations(series[place - series.count])
        } else {
            text.rest(lateness, world)
        }
        place += 1
        return SharedTexts.Text(Array(text.text.utf8))
    }
}

/// Rules. "Only one TYPE line may exist for a given metric name. The TYPE line must appear before the first sample", and
/// "all lines for a given metric must be provided as one single group". A label's value has backslash, quote and line
/// feed escaped. Counters end in `_total`, times are seconds.
private struct MetricsText {
    private(set) var text = ""

    mutating func rest(_ lateness: CallMetrics.Classes, _ world: ControlWorld) {
        family("frame_lateness_seconds", "histogram", "How late frames of streams left.")
        classes("frame_lateness_seconds", "", lateness, CallMetrics.latenessBounds)
        spaces(world)
        server(world)
    }

    mutating func beginCalls() {
        family("calls_total", "counter", "Calls that have ended, since the start or the last reset.")
    }

    mutating func calls(_ series: CallMetrics.Series) {
        for (place, outcome) in Report.Outcome.allCases.enumerated() where series.outcomes[place] > 0 {
            let labels = Self.labels(of: series) + ",status=\"\(series.status)\",outcome=\"\(outcome.rawValue)\""
            sample("calls_total", labels, "\(series.outcomes[place])")
        }
    }

    mutating func beginDurations() {
        family("call_duration_seconds", "histogram", "From a call's arrival to its end.")
    }

    mutating func durations(_ series: CallMetrics.Series) {
        classes(
            "call_duration_seconds", Self.labels(of: series) + ",status=\"\(series.status)\"", series.durations,
            CallMetrics.durationBounds)
    }

    private mutating func spaces(_ world: ControlWorld) {
        let spaces = world.state.spaces.all.prefix(1_000)
        family("fault_strikes_total", "counter", "How often armed faults struck.")
        for space in spaces {
            for fault in space.faults.listing.array ?? [] {
                let labels =
                    "space=\"\(Self.escaped(space.name))\",name=\"\(Self.escaped(fault["name"]?.text ?? ""))\","
                    + "fault=\"\(Self.escaped(fault["fault"]?.text ?? ""))\""
                sample("fault_strikes_total", labels, "\(fault["struck"]?.integer ?? 0)")
            }
        }
        family("sessions", "gauge", "Sessions that are kept.")
        for space in spaces { sample("sessions", "space=\"\(Self.escaped(space.name))\"", "\(space.sessionCount)") }
    }

    private mutating func server(_ world: ControlWorld) {
        let log = world.journal.log
        single("calls_in_flight", "gauge", "Calls that are being answered.", "\(world.server.inFlight)")
        single("journal_calls", "gauge", "Calls that the journal holds in memory.", "\(log.count)")
        single("journal_bytes", "gauge", "Bytes that they take.", "\(log.bytes)")
        single("journal_dropped_total", "counter", "Calls that were pushed out of memory.", "\(log.dropped)")
        single(
            "journal_failed", "gauge", "1 when the journal's file is not written any more.",
            world.journal.failure == nil ? "0" : "1")
        single("uptime_seconds", "gauge", "Since the start.", Self.seconds(Int(world.server.uptime / 1_000)))
        family("build_info", "gauge", "The version, as a label.")
        sample("build_info", "version=\"\(Self.escaped(world.server.version))\"", "1")
    }

    // MARK: Writing

    private mutating func single(_ name: String, _ type: String, _ help: String, _ value: String) {
        family(name, type, help)
        sample(name, "", value)
    }

    private mutating func family(_ name: String, _ type: String, _ help: String) {
        text += "# HELP understudy_\(name) \(help)\n# TYPE understudy_\(name) \(type)\n"
    }

    private mutating func sample(_ name: String, _ labels: String, _ value: String) {
        text += "understudy_\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(value)\n"
    }

    /// "Each bucket counts the values less than or equal to its bound"; the last is `+Inf` and equal to the count.
    private mutating func classes(_ name: String, _ labels: String, _ classes: CallMetrics.Classes, _ bounds: [Int]) {
        let prefix = labels.isEmpty ? "" : labels + ","
        var sum = 0
        for (place, count) in classes.counts.enumerated() {
            sum += count
            let bound = place < bounds.count ? Self.seconds(bounds[place]) : "+Inf"
            sample("\(name)_bucket", "\(prefix)le=\"\(bound)\"", "\(sum)")
        }
        sample("\(name)_sum", labels, Self.seconds(classes.sum))
        sample("\(name)_count", labels, "\(sum)")
    }

    private static func labels(of series: CallMetrics.Series) -> String {
        "agent=\"\(escaped(series.agent))\",operation=\"\(escaped(series.operation))\""
    }

    private static func seconds(_ microseconds: Int) -> String {
        let (whole, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        guard rest > 0 else { return "\(whole)" }
        var digits = String(rest + 1_000_000).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)"
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
