import Fields
import Recording
import Time

/// The options that say how recordings answer.
enum ReplayArguments {
    static let options = [
        Option(
            "--replay", "auto|sequence|match",
            "how a recorded call is found: by its request, in its session first; in order; by its request"),
        Option("--match-header", "NAME", "a header field that has to be as recorded; again for more", repeats: true),
        Option("--volatile", "PATH", "a place in payloads that is not compared: $.id; again for more", repeats: true),
        Option("--longest-stall", "DURATION", "no silence of a replayed answer is longer than this: 5s"),
        Option("--unmatched", "refuse|pass|record", "what becomes of a call that nothing answers"),
    ]

    static func read(_ arguments: Arguments) throws(Failure) -> ReplayOptions {
        var options = ReplayOptions()
        let modes = ReplayOptions.Mode.allCases.map(\.rawValue)
        options.mode = try arguments.word("--replay", among: modes).flatMap(ReplayOptions.Mode.init) ?? .auto
        options.settings.headers = arguments.all("--match-header")
        options.settings.volatile = arguments.all("--volatile")
        for problem in options.settings.problems { throw .usage(problem) }
        if let text = arguments.value("--longest-stall") {
            guard let duration = Duration(text: text) else {
                throw .usage("--longest-stall is \(text): durations are written 250ms, 1.5s, 15m")
            }
            options.longestStall = duration
        }
        return options
    }
}
