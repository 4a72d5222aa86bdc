import Faults
import Fields
import JSON
import Library

extension Command {
    static let fault = Command(
        name: "fault", usage: "fault add FAULT [options] | list | remove NAME… | remove --all",
        summary: "arms and disarms faults of a running server",
        notes: """
            FAULT is a word of the catalogue, and its parameters are options of the same name; or all of it is one text as
            the header X-Understudy-Fault takes it, or one JSON object as a scenario file holds it:

              understudy fault add latency --delay 2s --agent '*search*' --calls 1-5 --name slow
              understudy fault add latency --lognormal.median 800ms --lognormal.p99 4s
              understudy fault add 'reset; at=frame 3' --per-session --times 1
              understudy fault add '{"fault": "error", "status": 503, "on": {"chance": 0.1}}'
            """,
        options: [
            Option("--name", "NAME", "what it is called, its word unless told"),
            Option("--agent", "GLOB", "whom it strikes: the agent's id or ARN"),
            Option("--endpoint", "GLOB", "… only this endpoint of it"),
            Option("--operation", "NAME", "… only this operation"),
            Option("--calls", "CALLS", "which calls: 1-5, 5+, every 3, 1,4,7"),
            Option("--every", "N", "each Nth call"),
            Option("--chance", "SHARE", "as likely as this, from 0 to 1, drawn from the seed"),
            Option("--from", "WHEN", "from then on: a duration from now, or a time"),
            Option("--until", "WHEN", "until then"),
            Option("--session", "GLOB", "only calls of these sessions"),
            Option("--per-session", nil, "counts each session by itself"),
            Option("--times", "N", "so many times at most"),
            Option("--all", nil, "for remove: every fault"),
            ServerOptions.space,
        ] + ServerOptions.all,
        takesOthers: true
    ) { (arguments, console) throws(Failure) in
        let (verb, words) = try ServerOptions.verb(arguments, among: ["add", "list", "remove"])
        try refuseForeign(arguments, verb)
        switch verb {
        case "add": try add(words, arguments, console)
        case "remove": try remove(words, arguments, console)
        default:
            guard words.isEmpty else { throw .usage("list takes no words") }
            try list(arguments, console)
        }
        return .good
    }

    private static func add(_ words: [String], _ arguments: Arguments, _ console: Console) throws(Failure) {
        let fault = try faultToArm(words, arguments)
        let target = ServerOptions.target(arguments, "faults")
        let armed = try ServerOptions.client(arguments).post(target, fault)
        try console.print(arguments.has("--json") ? armed.json() : row(of: armed).joined(separator: ": "))
    }

    private static func list(_ arguments: Arguments, _ console: Console) throws(Failure) {
        let answer = try ServerOptions.client(arguments).ask("GET", ServerOptions.target(arguments, "faults"))
        if arguments.has("--json") { return try console.print(answer.json()) }
        let faults = answer["faults"]?.array ?? []
        guard !faults.isEmpty else { return try console.print("no fault is armed") }
        let rows = faults.map { fault in
            let row = row(of: fault)
            return [row[0], String(fault["struck"]?.integer ?? 0), row[1]]
        }
        try console.print(Columns.lines([["NAME", "STRUCK", "FAULT"]] + rows))
    }

    private static func remove(_ words: [String], _ arguments: Arguments, _ console: Console) throws(Failure) {
        guard words.isEmpty == arguments.has("--all") else { throw .usage("name the faults to remove, or say --all") }
        let client = try ServerOptions.client(arguments)
        for name in words {
            let answer = try client.ask("DELETE", ServerOptions.target(arguments, "faults", name))
            try console.print(arguments.has("--json") ? answer.json() : "disarmed \(CallLine.shown(name))")
        }
        guard words.isEmpty else { return }
        let answer = try client.ask("DELETE", ServerOptions.target(arguments, "faults"))
        let count = Spelling.count(answer["disarmed"]?.integer ?? 0, "fault")
        try console.print(arguments.has("--json") ? answer.json() : "disarmed \(count)")
    }

    /// Its name, and how it would be typed.
    private static func row(of fault: Value) -> [String] {
        let members = (fault.members ?? []).filter { !["struck", "enabled", "name"].contains($0.name) }
        let text = FaultText.write(.object(members)) ?? Value.object(members).json(.spaced)
        return [fault["name"]?.text ?? "", text].map(CallLine.shown)
    }

    // MARK: What was typed

    /// The options that say something about a fault, and where that stands in it. The first ones are texts whatever they
    /// look like.
    private static let texts = [
        ("--name", "name"), ("--agent", "agent"), ("--endpoint", "endpoint"), ("--operation", "operation"),
        ("--calls", "on.calls"), ("--from", "on.from"), ("--until", "on.until"), ("--session", "on.session"),
    ]
    private static let others = [
        ("--every", "on.every"), ("--chance", "on.chance"), ("--times", "on.times"), ("--per-session", "on.perSession"),
    ]

    private static func refuseForeign(_ arguments: Arguments, _ verb: String) throws(Failure) {
        if verb != "add", let option = (texts + others).map(\.0).first(where: arguments.has) {
            throw .usage("\(option) is for add")
        }
        if verb != "add", let other = arguments.others.first { throw .usage("unknown option --\(other.name)") }
        if verb != "remove", arguments.has("--all") { throw .usage("--all is for remove") }
    }

    /// One fault object, as the control API takes it: whatever was typed goes through one reader.
    static func faultToArm(_ words: [String], _ arguments: Arguments) throws(Failure) -> Value {
        guard let word = words.first, words.count == 1 else {
            throw .usage(words.isEmpty ? "say which fault to add" : "one fault at a time; quote what belongs together")
        }
        if word.drop(while: { " \n\t".contains($0) }).hasPrefix("{") { return try fault(inJSON: word, arguments) }
        var text = word
        for (option, name) in texts {
            if let value = arguments.value(option) { text += FaultText.quoted(name, value) }
        }
        for (option, name) in others where arguments.has(option) {
            text += FaultText.plain(name, option == "--per-session" ? "true" : arguments.value(option) ?? "")
        }
        for other in arguments.others { text += FaultText.plain(other.name, other.value ?? "true") }
        let faults: [FaultEntry]
        do throws(Mistake) { faults = try FaultText.read(text, atMost: 1) } catch {
            throw Failure(error.description)
        }
        guard let fault = faults.first, faults.count == 1 else { throw .usage("one fault at a time") }
        return fault.written
    }

    private static func fault(inJSON text: String, _ arguments: Arguments) throws(Failure) -> Value {
        let foreign =
            (texts + others).map(\.0).first(where: arguments.has) ?? arguments.others.first.map { "--\($0.name)" }
        if let foreign { throw .usage("\(foreign) does not go with JSON: write it into the object") }
        do throws(SyntaxError) {
            return try Value.parse(text, .handwritten)
        } catch {
            throw Failure("the fault is not JSON: \(error.message) (at byte \(error.offset))")
        }
    }
}
