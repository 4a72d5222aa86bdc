import Bytes
import ControlAPI
import JSON
import Journal
import Library
import Store

extension Command {
    static let export = Command(
        name: "export", usage: "export FILE.sqlite [--har] [--from-call N] [--to FILE]",
        summary: "writes a library as a scenario file, without loss",
        notes: """
            Files that replies name are written beside FILE.json. A scenario file that is there is replaced; nothing
            else is. With --har, the recorded calls as an HTTP archive, which browsers open; the frames of an answer with
            their times stand in response._frames. With --from-call, a scenario with one rule: it matches calls like call
            N of the journal in the file, and replies what that one was answered.
            """,
        options: [
            Option("--har", nil, "the recorded calls as an HTTP archive (HAR 1.2)"),
            Option("--from-call", "N", "call N of the journal's last run, as a rule"),
            Option("--to", "FILE", "where to write; standard output without it"),
        ]
    ) { (arguments, console) throws(Failure) in
        guard arguments.words.count == 1, let path = arguments.words.first else { throw .usage("name one library") }
        if let number = try arguments.integer("--from-call", in: 1...Int.max) {
            return try exportCall(number, path, arguments.value("--to"), console)
        }
        let scenario = try Libraries.merged([path])
        if arguments.has("--har") { return try exportArchive(scenario, path, arguments.value("--to"), console) }
        let text = ScenarioFile.write(scenario)
        guard let target = arguments.value("--to") else {
            try console.put(text)
            if !scenario.files.isEmpty {
                let files = Spelling.count(scenario.files.count, "file")
                console.complain("understudy export: \(files) of replies stay in the library: --to writes them, too")
            }
            return .good
        }
        let files = try places(of: scenario.files, beside: target)
        try checkTarget(target)
        for (place, bytes) in files {
            try FileBytes.makeFolders(for: place)
            try FileBytes.write(bytes, to: place)
        }
        try FileBytes.write(text, to: target)
        return .good
    }

    private static func exportArchive(
        _ scenario: Scenario, _ path: String, _ target: String?, _ console: Console
    ) throws(Failure) -> Exit {
        guard !scenario.recorded.isEmpty else { throw Failure("\(path): holds no recorded call") }
        return try write(HARFile.text(scenario), target, console)
    }

    private static func exportCall(
        _ number: Int, _ path: String, _ target: String?, _ console: Console
    ) throws(Failure) -> Exit {
        guard let call = try FileJournal.call(number, in: path) else {
            throw Failure("\(path): the last run of its journal has no call \(number)")
        }
        let scenario: Value = ["understudy": 1, "rules": [CallAsRule.value(of: call)]]
        return try write(scenario.bytes(.pretty) + [UInt8(ascii: "\n")], target, console)
    }

    private static func write(_ text: [UInt8], _ target: String?, _ console: Console) throws(Failure) -> Exit {
        guard let target else {
            try console.put(text)
            return .good
        }
        try checkTarget(target)
        try FileBytes.write(text, to: target)
        return .good
    }

    /// Never over a library, nor over anything that is not a scenario.
    private static func checkTarget(_ target: String) throws(Failure) {
        let beginning = FileBytes.beginning(of: target, count: 4_096)
        guard beginning.isEmpty || Libraries.looksLikeScenario(beginning) else {
            throw Failure("\(target): is there already and is no scenario file; name another one")
        }
    }

    /// Where the files have to go that are not there yet. A library may come from anywhere, so its names lead nowhere
    /// but below the folder; what lies there with other content stays.
    private static func places(
        of files: [String: [UInt8]], beside target: String
    ) throws(Failure) -> [(place: String, bytes: [UInt8])] {
        var found: [(place: String, bytes: [UInt8])] = []
        var mistakes: [String] = []
        for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
            let place = FileBytes.beside(target, name)
            let there = FileBytes.exists(place) ? try? FileBytes.read(place) : nil
            if there == bytes { continue }
            if FileBytes.exists(place) {
                mistakes.append("\(place): is there already and holds something else than the library’s “\(name)”")
            } else if name.hasPrefix("/") || name.split(separator: "/").contains("..") {
                mistakes.append("\(place): lies outside the folder of \(target), where nothing is written")
            } else {
                found.append((place, bytes))
            }
        }
        guard mistakes.isEmpty else { throw Failure(mistakes: mistakes) }
        return found
    }
}
