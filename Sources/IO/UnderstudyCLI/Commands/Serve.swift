import CShims
import ControlAPI
import Delivery
import Emulator
import Forwarding
import Glibc
import HTTPWire
import JSON
import Journal
import Library
import Server
import Store
import Time

extension Command {
    static let serve = Command(
        name: "serve", usage: "serve [LIBRARY…] [options]",
        summary: "serves the named libraries, or the built-in one",
        notes: """
            A library is a scenario file (.json) or a SQLite file that `load` made; several are one, in their order.
            When it is ready, one line of JSON on standard output says where. SIGINT and SIGTERM stop it.
            """,
        options: [
            Option("--record", "FILE", "record what is passed on into this file"),
            Option("--watch", nil, "take the libraries again whenever one of them is edited and right"),
        ] + servingOptions
    ) { (arguments, console) throws(Failure) in
        try serve(try ServePlan(arguments, recordingInto: "--record"), console)
    }

    /// Those that `record` has, too.
    static let servingOptions =
        [
            Option("--host", "ADDRESS", "where to listen, 127.0.0.1 unless told"),
            Option("--port", "N", "8787 unless told; 0 picks one"),
            Option("--tls-port", "N", "serve the same over TLS on this port; 0 picks one"),
            Option("--tls-cert", "FILE", "your own certificate for it, PEM, instead of one by the local authority"),
            Option("--tls-key", "FILE", "its key"),
            Option(
                "--ws-ping", "DURATION|off", "a WebSocket that is silent so long is pinged, then closed: 5m unless told"
            ),
            Option("--proxy-others", nil, "as a proxy, take clients to hosts that are not stood in for, too"),
            Option("--other-services", "URL", "where calls go that are signed for other services of AWS: a moto"),
            Option("--xray-daemon", "PORT", "hear what programs tell X-Ray's daemon, over UDP; 0 picks one"),
            Option("--otlp", "URL", "send each call as a span to this OpenTelemetry collector, over HTTP"),
            Option("--journal", "FILE", "keep the journal in this file; without it, in memory"),
            Option("--journal-limit", "N", "how many calls the journal keeps, 100000 unless told"),
            Option("--seed", "N", "what chance is drawn from: the same seed, the same run"),
            Option(
                "--speed", "N|max",
                "delays and pacing pass N times as fast: 2 is twice, 0.5 half as fast; max: in no time"),
            Option("--auth", "strict|off", "off lets every caller in"),
            Option("--auth-echo", "on|off", "off keeps what the server computed out of signature refusals"),
            Option("--upstream", "URL", "where calls go that no rule answers: the service, or what speaks its paths"),
            Option("--forward", "URL", "the same for one local agent behind every ARN"),
            Option("--upstream-ca", "FILE", "authorities (PEM) that are trusted there besides the system's"),
            Option("--upstream-profile", "NAME", "the profile whose credentials calls to --upstream are signed with"),
            Option("--upstream-region", "NAME", "the region they are signed for, where the host does not say it"),
            Option("--upstream-timeout", "DURATION", "how long an answer from there may take, 15m unless told"),
            Option(
                "--control-token", "TOKEN", "what callers of /_understudy have to show; made up when not on loopback"),
            Libraries.allowFiles,
        ] + ReplayArguments.options + [
            Option("--ready-file", "FILE", "write the ready line here too"),
            Option("--log", "text|json", "how calls are logged on standard error"),
            Option("--quiet", nil, "log warnings only"),
        ] + RecordingPlan.options

    static func serve(_ plan: ServePlan, _ console: Console) throws(Failure) -> Exit {
        let beginning = LibraryWatch.Beginning(plan.watches ? plan.libraries : [])
        let scenario = try plan.upstream.scenario(plan.libraries, folders: plan.folders)
        try plan.checkRecording(under: scenario)
        var plan = plan
        plan.server.recordings = plan.recording.settings(for: scenario, plan.log)
        if plan.greets {
            plan.server.recordings?.progress = plan.log.progress
            plan.server.recordings?.scan = plan.log.scan
        }
        let understudy: Understudy
        var journal: JournalWriter?
        let isNewJournal = plan.journal.map { !FileBytes.exists($0) } ?? false
        let running: RunningServer
        do {
            understudy = try Understudy(scenario: scenario, settings: plan.emulator, now: WallClock.now)
            journal = try plan.journal.map {
                try JournalWriter(path: $0, limit: plan.journalFileLimit, warn: plan.log.warn)
            }
            running = try RunningServer(plan.server, answering: understudy, state: understudy.state, journal: journal)
            try running.stopOnSignals()
        } catch let refusal as ScenarioRefusal {
            // A SQLite library is read without trying its patterns; now that one is wrong, all are told with their rows.
            _ = try Libraries.merged(plan.libraries, thoroughly: true, folders: plan.folders)
            throw Failure(refusal.description)
        } catch let error as DatabaseError {
            throw Failure(error)
        } catch {
            journal?.close()
            if isNewJournal, journal != nil, let path = plan.journal { unlink(path) }
            throw Failure((error as? StartError)?.text ?? "\(error)")
        }
        try announce(running, plan, scenario, console)
        let watch = plan.watch(running, scenario, since: beginning)
        plan.spans?.start()
        running.run()
        plan.spans?.stop()
        watch?.stop()
        let recorded = running.endRecordings()
        plan.log.end()
        let summary = RecordingSummary(listings: recorded, keepsSecrets: plan.recording.keepsSecrets)
        for line in summary.lines { console.complain(line) }
        return summary.isGood ? .good : .verdictFailed
    }

    /// The ready line: once on standard output, and in the file that somebody may be waiting for.
    private static func announce(
        _ running: RunningServer, _ plan: ServePlan, _ scenario: Scenario, _ console: Console
    ) throws(Failure) {
        let ready = Value.object(
            [
                .init("url", .string(running.url)), .init("tls", running.tlsURL.map { .string($0) } ?? .null),
                .init("pid", Value(Int(getpid()))), .init("seed", .number(String(plan.emulator.seed))),
                .init("version", .string(version)), .init("dashboard", .string("\(running.url)/_understudy/")),
            ] + plan.upstream.readyMembers
                + (running.daemonPort.map { [.init("xrayDaemon", .string("\(plan.server.host):\($0)"))] } ?? []))
        if plan.greets {
            let banner = StartBanner(
                url: running.url, libraries: plan.libraries, scenario: scenario, seed: plan.emulator.seed,
                version: version)
            console.complain(banner.text)
        }
        if plan.server.controlToken == nil, let token = running.controlToken {
            plan.log.warn("calls below /_understudy need the header Authorization: Bearer \(token)")
        }
        if let file = plan.readyFile { try FileBytes.write(ready.compact + [UInt8(ascii: "\n")], to: file) }
        do throws(Failure) {
            try console.print(ready.json())
        } catch {
            // Whoever does not read it may have the file, or know the port.
            plan.log.warn("the ready line found no reader on standard output: \(ready.json())")
        }
    }
}

/// What the options of `serve` add up to.
struct ServePlan {
    var libraries: [String]
    /// Those whose files replies may name besides the scenarios' own.
    var folders: [String]
    var server = ServingSettings()
    var emulator: Understudy.Settings
    var journal: String?
    /// A file keeps all calls unless a limit is asked for.
    var journalFileLimit: Int?
    var readyFile: String?
    /// Whether a person is told what is served.
    var greets = false
    /// Where calls go as spans.
    var spans: SpanSender?
    /// Whether edited libraries are taken.
    var watches = false
    let upstream: UpstreamPlan
    let recording: RecordingPlan
    let log: ServeLog

    /// - Parameter file: the option that names what is recorded into.
    init(_ arguments: Arguments, recordingInto file: String) throws(Failure) {
        libraries = arguments.words
        folders = arguments.all(Libraries.allowFiles.name)
        // Without one, a seed of chance; the ready line tells it, so that any run can be had again.
        emulator = Understudy.Settings(seed: try arguments.seed("--seed") ?? shim_random() >> 11)
        emulator.checksAccess = try arguments.word("--auth", among: ["strict", "off"]) != "off"
        emulator.echoesSignatures = try arguments.word("--auth-echo", among: ["on", "off"]) != "off"
        if let text = arguments.value("--speed") {
            guard let speed = Speed.read(text) else {
                throw .usage("--speed is \(text): write a number from 0.001 to 1000000, 2 is twice as fast; or max")
            }
            emulator.speed = speed
        }
        emulator.replay = try ReplayArguments.read(arguments)
        let format = try arguments.word("--log", among: ["text", "json"]).flatMap(LogLine.Format.init) ?? .text
        log = ServeLog(format: format)
        server.host = arguments.value("--host") ?? server.host
        server.port = UInt16(try arguments.integer("--port", in: 0...65_535) ?? 8_787)
        try server.readSecurity(arguments)
        try server.readPing(arguments)
        journalFileLimit = try arguments.integer("--journal-limit", in: 1...1_000_000_000)
        server.journalLimit = journalFileLimit ?? server.journalLimit
        server.controlToken = try arguments.token("--control-token")
        upstream = try UpstreamPlan(arguments)
        emulator.forward = upstream.settings
        server.daemonPort = try arguments.integer("--xray-daemon", in: 0...65_535).map { UInt16($0) }
        server.identity = upstream.identity
        server.upstreamAuthorities = upstream.authorities
        server.proxies = ProxyRules(environment: upstream.identity.environment)
        server.upstreamTimeout = upstream.timeout ?? server.upstreamTimeout
        recording = try RecordingPlan(arguments, file: file)
        server.version = version
        server.warn = log.warn
        journal = arguments.value("--journal")
        readyFile = arguments.value("--ready-file")
        watches = arguments.has("--watch")
        spans = try Self.spans(arguments, log)
        if let spans { server.noteWhole = spans.add }
        if watches, libraries.isEmpty { throw .usage("--watch looks after libraries, and none is named") }
        if !arguments.has("--quiet") {
            server.noteEnded = log.note
            server.noteTurn = log.flush
            server.warnsIfIdleFor = 60_000_000_000
            greets = format == .text
        }
    }
}

extension ServePlan {
    fileprivate static func spans(_ arguments: Arguments, _ log: ServeLog) throws(Failure) -> SpanSender? {
        guard let url = arguments.value("--otlp") else { return nil }
        do throws(Failure) {
            return try SpanSender(url, version: version, warn: log.warn)
        } catch {
            throw .usage("--otlp: \(error.message)")
        }
    }

    fileprivate func watch(
        _ running: RunningServer, _ scenario: Scenario, since beginning: LibraryWatch.Beginning
    ) -> LibraryWatch? {
        guard watches else { return nil }
        let (upstream, libraries, folders, log) = (upstream, libraries, folders, log)
        return LibraryWatch(libraries, since: beginning, served: scenario) { () throws(Failure) in
            try upstream.scenario(libraries, folders: folders)
        } take: { edited in
            running.adopt(edited) { refusal in
                if let refusal { return log.warn("\(LibraryWatch.keeps): \(refusal)") }
                log.inform(
                    "took the edited library: \(Spelling.count(edited.agents.count, "agent")), "
                        + Spelling.count(edited.rules.count, "rule"))
            }
        } refuse: { failure in
            for line in failure.mistakes.isEmpty ? [failure.message] : failure.mistakes { log.warn(line) }
            log.warn(LibraryWatch.keeps)
        }
    }

    /// Who asks for a recording of nothing has made a mistake.
    fileprivate func checkRecording(under scenario: Scenario) throws(Failure) {
        let isForwarded = upstream.settings.destination != nil || scenario.agents.contains { $0.forward != nil }
        if recording.isTold, !isForwarded {
            throw .usage(
                "only what is passed on is recorded: name who answers with --upstream, --forward, or \"forward\" of an agent"
            )
        }
        if recording.isTold, !upstream.records {
            throw .usage(
                "--unmatched \(upstream.settings.unmatched.rawValue) records nothing: leave it out, or the file")
        }
        if !recording.isTold, upstream.isTold, upstream.settings.unmatched == .record {
            throw .usage("--unmatched record needs --record FILE: where calls are recorded")
        }
    }
}
