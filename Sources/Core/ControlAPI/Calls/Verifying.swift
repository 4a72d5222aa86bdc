import Bytes
import Delivery
import Emulator
import Fields
import HTTPWire
import JSON
import Journal
import Library
import Reports
import Time
import Verdicts

extension ControlCalls {
    /// Judges the calls that have arrived so far: 200 whatever the verdict, 400 with every mistake for expectations that
    /// cannot be meant. Calls in flight are waited for.
    static let verifying = ControlCalls(
        ControlCall("POST", "verify") { (request, world) throws(ControlRefusal) in
            .steps([], Verifying(try expectations(request.request.body, world), request, world))
        },
        // The same, drawn: what `understudy report` writes into a file.
        ControlCall("GET", "reports/{kind}") { (request, world) throws(ControlRefusal) in
            let kind = try reportKind(request)
            return .steps(
                [], Verifying(try expectations(kind.undeclared.compact, world), request, world, drawing: kind))
        },
        // Against what is declared: the entries of this kind in a file of expectations.
        ControlCall("POST", "reports/{kind}") { (request, world) throws(ControlRefusal) in
            let kind = try reportKind(request)
            _ = try expectations(request.request.body, world)
            guard let file = try? Value.parse(request.request.body, .handwritten), let own = kind.entries(of: file)
            else { throw ControlRefusal(400, "the body has no entry \"\(kind.expectation)\"") }
            return .steps([], Verifying(try expectations(own.compact, world), request, world, drawing: kind))
        })

    private static func expectations(_ body: [UInt8], _ world: ControlWorld) throws(ControlRefusal) -> [Expectation] {
        let known = KnownNames(world.state.library)
        let (expectations, mistakes) = ExpectationFile.read(body, fileName: "body", known: known)
        guard mistakes.isEmpty else { throw ControlRefusal(mistakes, orElse: "the body holds no expectations") }
        return expectations
    }

    private static func reportKind(_ request: ControlRequest) throws(ControlRefusal) -> ReportKind {
        guard let kind = ReportKind(rawValue: request.segments[1]) else {
            let kinds = ReportKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw ControlRefusal(404, "there is no report “\(request.segments[1])”; there are \(kinds)")
        }
        guard request.parameters?.isEmpty == true else { throw ControlRefusal(400, "a report takes no parameters") }
        return kind
    }
}

extension KnownNames {
    fileprivate init(_ library: LibrarySnapshot) {
        self.init(
            agents: library.scenario.agents.map(\.arn),
            operations: Vocabulary.operationsOfCalls,
            rules: library.ruleNames)
    }
}

/// Goes through the journal a few calls a turn. When some of the calls were in flight, it waits until they have ended or
/// its time is over, and goes through it once more; calls that arrive meanwhile are not judged.
private struct Verifying: ControlSource {
    private static let looks = 256

    private let expectations: [Expectation]
    private let request: ControlRequest
    private let world: ControlWorld
    private let wanted: Wanted
    /// What is drawn of it, where a picture is asked for, and the calls that are in it.
    private let drawing: ReportKind?
    private var drawn: [ReportedCall] = []
    private static let mostDrawn = 10_000
    private var query = Query()
    private let deadline: Int64
    private var examination: Examination
    private var search: CallSearch
    private var marks: ArraySlice<Mark>
    /// Those that are waited for, once they are known.
    private var waitedFor: Set<Int>?
    /// How many changes in the journal were noted.
    private var seen: Int

    let watchesJournal = true

    init(
        _ expectations: [Expectation], _ request: ControlRequest, _ world: ControlWorld, drawing: ReportKind? = nil
    ) {
        self.drawing = drawing
        self.expectations = expectations
        self.request = request
        self.world = world
        wanted = Wanted(expectations)
        let longest = expectations.map { $0.waits ?? 5 }.max() ?? 0
        deadline = request.arrived &+ Int64(min(longest, 86_400) * 1e9)
        // Through a space's own address only its calls are judged.
        if let space = request.space { query[.space] = Glob(space) }
        query.until = .number(world.journal.log.newest ?? 0)
        seen = world.journal.changeCount
        examination = Examination(expectations)
        search = CallSearch(query, in: world.journal.log)
        marks = []
        begin()
    }

    private mutating func begin() {
        examination = Examination(expectations)
        drawn = []
        search = CallSearch(query, in: world.journal.log)
        marks = world.journal.marks.marks.filter { $0.space == request.space ?? $0.space }[...]
    }

    mutating func next(now: Int64) -> NextSteps {
        if waitedFor != nil {
            noteEnds()
            guard waitedFor?.isEmpty == true || now >= deadline else { return .waits(until: deadline) }
            waitedFor = nil
            begin()
        }
        switch examine() {
        case .waits: return .waits(until: .max)
        case .failed(let reason): return .steps(ControlTable.steps(ControlRefusal(500, reason)))
        case .end: break
        default: return .waits(until: now)
        }
        let running = examination.inFlight
        guard !running.isEmpty, now < deadline else { return .steps(answer(now)) }
        waitedFor = Set(running)
        noteEnds()
        return .waits(until: waitedFor?.isEmpty == true ? now : deadline)
    }

    /// Why it looks at no more now.
    private mutating func examine() -> CallSearch.Finding {
        var budget = Self.looks
        while true {
            let finding = search.next(in: world.journal.log, world.journal.older, budget: &budget)
            guard finding == .call else {
                if finding == .end { takeMarks(until: request.now) }
                return finding
            }
            let call = ObservedCall(search.record, wanted: wanted)
            takeMarks(until: call.arrived.real)
            examination.take(call)
            if drawing != nil { draw(search.record) }
        }
    }

    /// A picture shows the newest calls.
    private mutating func draw(_ record: borrowing CallRecord) {
        var json: [UInt8] = []
        record.appendJSON(to: &json, .summary)
        guard let call = (try? Value.parse(json)).flatMap(ReportedCall.init) else { return }
        if drawn.count == Self.mostDrawn { drawn.removeFirst(Self.mostDrawn / 2) }
        drawn.append(call)
    }

    private mutating func takeMarks(until moment: Instant) {
        while let mark = marks.first, mark.at <= moment {
            examination.take(ObservedMark(mark))
            marks.removeFirst()
        }
    }

    private mutating func noteEnds() {
        while let change = world.journal.change(after: &seen) {
            switch change {
            case .ended(let number): waitedFor?.remove(number)
            // Which of them have ended is found out by looking again.
            case .missed: waitedFor = []
            case .arrived: break
            }
        }
    }

    private func answer(_ now: Int64) -> [Step] {
        let real = request.instant(at: now)
        var clocks: [String: Instant] = [:]
        for space in world.state.spaces.all { clocks[space.name] = space.clock.now(real) }
        let clock = request.space.flatMap { clocks[$0] } ?? world.state.spaces.usualClock.now(real)
        let findings = examination.findings(at: Moment(real: real, clock: clock), clocks: clocks)
        guard let drawing else { return ControlTable.steps(findings.json.compact, 200) }
        let by = Dictionary(expectations.map { ($0.name, $0.by) }, uniquingKeysWith: { first, _ in first })
        return Self.steps(Array(Picture(drawing, findings, by: by, drawn).svg.utf8))
    }

    /// A picture holds what callers wrote, and is never to do anything.
    private static func steps(_ svg: [UInt8]) -> [Step] {
        var fields = ControlTable.fields(contentType: "image/svg+xml")
        fields.add("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        return [.whole(ResponseHead(status: 200, fields: fields, length: .known(svg.count)), svg)]
    }
}
