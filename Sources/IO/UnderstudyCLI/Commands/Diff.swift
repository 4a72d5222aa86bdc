import Recording
import Time

extension Command {
    static let diff = Command(
        name: "diff", usage: "diff A B [--tolerance 5ms] [--json]",
        summary: "what differs between two recordings or journals: calls, answers, frames and timings",
        notes: """
            A and B are recordings, journals or scenario files with recorded calls. Calls that ask the same are compared
            with one another, in their order. What is made anew for each call is no difference: dates, ids of requests and
            traces, and what a session is called. Exit 1 when anything differs.
            """,
        options: [
            Option("--tolerance", "DURATION", "times may differ by so much, 5ms unless told"),
            Option("--json", nil, "as JSON"),
        ]
    ) { (arguments, console) throws(Failure) in
        guard arguments.words.count == 2 else { throw .usage("name two recordings or journals") }
        let text = arguments.value("--tolerance") ?? "5ms"
        guard let tolerance = Duration(text: text) else {
            throw .usage("--tolerance is \(text): durations are written 250ms, 1.5s, 15m")
        }
        let progress = ProgressLine(console)
        defer { progress.hide() }
        let report = DifferenceReport(isJSON: arguments.has("--json"), console, progress)
        progress.begin("comparing \(arguments.words[0]) with \(arguments.words[1])", "pair")
        let (left, right) = (try ComparedFile(arguments.words[0]), try ComparedFile(arguments.words[1]))
        var pairs = CallPairs(left.next, right.next)
        var count = 0
        do throws(Failure) {
            while let (one, other) = try pairs.next() {
                count += 1
                progress.reached(count)
                if let one, let other {
                    for difference in one.differences(from: other, tolerance: tolerance) { try report.tell(difference) }
                } else {
                    try report.tell(ComparedCall.missing(one, other))
                }
            }
            try report.end()
        } catch .nobodyReads {
            // What was found holds all the same.
        }
        return report.count == 0 ? .good : .verdictFailed
    }
}

/// Tells each difference as it is found: there may be any number of them.
private final class DifferenceReport {
    private let isJSON: Bool
    private let console: Console
    private let progress: ProgressLine
    private(set) var count = 0

    init(isJSON: Bool, _ console: Console, _ progress: ProgressLine) {
        (self.isJSON, self.console, self.progress) = (isJSON, console, progress)
    }

    func tell(_ difference: CallDifference) throws(Failure) {
        progress.hide()
        count += 1
        if isJSON {
            try console.put(Array((count == 1 ? "{\"differences\":[\n" : ",\n").utf8) + difference.written.compact)
        } else {
            try console.print(difference.line)
        }
    }

    func end() throws(Failure) {
        progress.hide()
        if isJSON { try console.print(count == 0 ? "{\"differences\":[]}" : "\n]}") }
        if !isJSON, count == 0 { try console.print("nothing differs") }
    }
}
