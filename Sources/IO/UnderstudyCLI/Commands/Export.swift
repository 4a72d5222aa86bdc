import Library
import Store

extension Command {
    static let export = Command(
        name: "export", usage: "export FILE.sqlite [--to FILE.json]",
        summary: "writes a library as a scenario file, without loss",
        notes: """
            Files that replies name are written beside FILE.json. A scenario file that is there is replaced; nothing
            else is.
            """,
        options: [Option("--to", "FILE.json", "where to write; standard output without it")]
    ) { (arguments, console) throws(Failure) in
        guard arguments.words.count == 1, let path = arguments.words.first else { throw .usage("name one library") }
        let scenario = try Libraries.merged([path])
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
