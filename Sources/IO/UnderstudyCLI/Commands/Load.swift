import Redaction
import Store

extension Command {
    static let load = Command(
        name: "load", usage: "load FILE.json|FILE.har… --into FILE.sqlite",
        summary: "reads scenario files and HTTP archives into a library",
        notes: """
            The library is made when there is none. What it holds stays; an agent, credential, user, fault or rule of
            the same name is replaced. All files are read before anything is written, and a mistake in one of them
            writes nothing. Of an HTTP archive (.har) the calls of this service become recorded calls, and an agent that
            the library does not know becomes one that lets everybody in; secrets in them become [KIND-N], as they do in
            what is recorded, and another look says whether one is left: exit 1 if so.
            """,
        options: [Option("--into", "FILE.sqlite", "the library to write"), Libraries.allowFiles]
            + RecordingPlan.redaction + [Option("--keep-secrets", nil, "of HTTP archives, leave secrets as they are")]
    ) { (arguments, console) throws(Failure) in
        guard let target = arguments.value("--into") else { throw .usage("--into FILE.sqlite is missing") }
        guard !arguments.words.isEmpty else { throw .usage("name at least one scenario file") }
        let progress = ProgressLine(console)
        defer { progress.hide() }
        var scenarios = try Libraries.all(
            arguments.words, thoroughly: true, folders: arguments.all(Libraries.allowFiles.name),
            begins: { progress.begin("reading \($0)") })
        try HARFile.leaveKnownAgents(of: target, &scenarios, arguments.words)
        progress.begin("writing \(target)", "recorded call")
        let (redaction, left) = try HARFile.add(scenarios, arguments, to: target, written: { progress.reached($0) })
        let rules = scenarios.map(\.rules.count).reduce(0, +)
        let recorded = scenarios.map(\.recorded.count).reduce(0, +)
        let calls = recorded == 0 ? "" : ", \(Spelling.count(recorded, "recorded call"))"
        let replaced = redaction.map { ", \(Spelling.count($0.replaced, "secret")) replaced" } ?? ""
        progress.hide()
        let loaded = "\(Spelling.count(scenarios.count, "file")) loaded, \(Spelling.count(rules, "rule"))"
        let exit = try (left.isEmpty ? Exit.good : .verdictFailed).evenUnread { () throws(Failure) in
            try console.print("\(target): \(loaded)\(calls)\(replaced)")
        }
        for reason in redaction?.withheld ?? [] {
            console.complain("\(target): \(reason), cannot be looked through: [encoded-…] is in its place")
        }
        for remainder in left { console.complain("\(target): still holds a secret: \(remainder)") }
        return exit
    }
}
