import Delivery
import Recording

extension Command {
    static let fidelity = Command(
        name: "fidelity", usage: "fidelity FILE [--streams N] [--speed N] [--json]",
        summary: "replays a recording against itself over loopback, and says how exact it is",
        notes: """
            Every recorded call is asked for, N at a time, and what comes is compared with what was recorded: bytes,
            frames, and when each frame came. In a conversation the client says what it said, when it said it, and the
            frames are the other side's messages. Exit 1 when bytes or frames are not equal.
            """,
        options: [
            Option(
                "--streams", "N", "how many answers stream at a time, as many as there are calls, up to 64, unless told"
            ),
            Option("--speed", "N|max", "how many times as fast as recorded"),
            Option("--json", nil, "as JSON, with each stream"),
        ]
    ) { (arguments, console) throws(Failure) in
        guard arguments.words.count == 1, let path = arguments.words.first else { throw .usage("name one recording") }
        let most = try arguments.integer("--streams", in: 1...10_000)
        let speed = try arguments.speed("--speed") ?? 1
        let progress = ProgressLine(console)
        defer { progress.hide() }
        progress.begin("reading \(path)")
        let recorded = try Libraries.merged([path]).recorded
        guard !recorded.isEmpty else { throw Failure("\(path): holds no recorded calls") }
        progress.begin("replaying \(path)", "stream")
        let run = try FidelityRun(recorded, speed: speed)
        let fidelity = try run.run(streams: most ?? min(64, recorded.count), progress)
        progress.hide()
        let exit = fidelity.isExact ? Exit.good : .verdictFailed
        return try exit.evenUnread { () throws(Failure) in
            if arguments.has("--json") { return try console.print(fidelity.written.json()) }
            for line in fidelity.lines { try console.print(line) }
        }
    }
}

extension Arguments {
    /// How many times faster than written time passes.
    func speed(_ name: String) throws(Failure) -> Double? {
        guard let text = value(name) else { return nil }
        guard let speed = Speed.read(text) else {
            throw .usage("\(name) is \(text): write a number from 0.001 to 1000000, 2 is twice as fast; or max")
        }
        return speed
    }
}
