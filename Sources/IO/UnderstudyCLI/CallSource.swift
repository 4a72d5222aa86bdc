import Emulator
import Fields
import JSON
import Journal
import Library
import Store
import Threading
import Time
import Verdicts

/// Whose calls are judged or drawn: a running server's, or those of one run in a journal file.
enum CallSource {
    case server(ServerClient, target: (String) -> String)
    case journal(JournalReader, run: Int)

    /// A journal says nothing of what else there was: any agent and any rule may have been meant.
    private static let anyNames = KnownNames(
        agents: ["*"], operations: Vocabulary.complete().operations + ObservedCall.issuerOperations, rules: ["*"])

    static func journal(_ path: String, run wanted: Int?) throws(Failure) -> CallSource {
        guard FileBytes.exists(path) else { throw Failure("\(path): there is no such file") }
        do throws(DatabaseError) {
            let reader = try JournalReader(path: path)
            guard let last = try reader.lastRun() else {
                throw DatabaseError(.foreign, path: path, what: "is a library, and no journal was kept in it")
            }
            guard wanted ?? last <= last else {
                throw DatabaseError(.missing, path: path, what: "has \(last) runs, and none is number \(wanted ?? 0)")
            }
            return .journal(reader, run: wanted ?? last)
        } catch {
            throw Failure(error)
        }
    }

    // MARK: Judging

    /// `name` is what the expectations are called in complaints.
    func findings(_ bytes: [UInt8], _ name: String) throws(Failure) -> Findings {
        switch self {
        case .server(let client, let target): return try Self.asked(client, target("verify"), bytes, name)
        case .journal(let reader, let run):
            let expectations = try Self.expectations(bytes, name, known: Self.anyNames)
            do throws(DatabaseError) { return try JournalTrial(reader, run: run, expectations).findings() } catch {
                throw Failure(error)
            }
        }
    }

    static func expectations(
        _ bytes: [UInt8], _ name: String, known: KnownNames? = nil
    ) throws(Failure) -> [Expectation] {
        let (expectations, mistakes) = ExpectationFile.read(bytes, fileName: name, known: known)
        guard mistakes.isEmpty else { throw Failure(mistakes: mistakes.map(\.description)) }
        return expectations
    }

    private static func asked(
        _ client: ServerClient, _ target: String, _ bytes: [UInt8], _ name: String
    ) throws(Failure) -> Findings {
        // What is wrong in the file itself is told with its place in it, also while no server runs.
        let longest = try expectations(bytes, name).map { $0.waits ?? 5 }.max() ?? 0
        let (status, answer) = try client.waiting(.seconds(60 + Int64(min(longest, 86_400))))
            .answer(to: target, posting: bytes)
        guard status < 400 else {
            let mistakes = (answer["mistakes"]?.array ?? []).compactMap(\.text)
            guard mistakes.isEmpty else {
                throw Failure(mistakes: mistakes.map { $0.hasPrefix("body:") ? name + $0.dropFirst(4) : $0 })
            }
            let why = answer["error"]?.text ?? answer.json()
            throw Failure("the server on \(client.address.authority) answers \(status): \(why)")
        }
        guard let findings = Findings(answer) else {
            throw Failure("\(client.address.authority) does not answer as an Understudy server does: no verdicts came")
        }
        return findings
    }

    // MARK: Calls

    /// Each call as the control API tells it.
    func eachCall(_ body: (Value) throws(Failure) -> Void) throws(Failure) {
        switch self {
        case .server(let client, let target):
            var elements = CallElements()
            try client.get(target("calls")) { (bytes) throws(Failure) in
                for element in elements.feed(bytes) {
                    if let call = try? Value.parse(element) { try body(call) }
                }
            }
        case .journal(let reader, let run):
            var failure: Failure?
            do throws(DatabaseError) {
                try reader.each(run: run) { entry in
                    var json: [UInt8] = []
                    entry.call.appendJSON(to: &json)
                    do throws(Failure) { if let call = try? Value.parse(json) { try body(call) } } catch {
                        failure = error
                    }
                    return failure == nil
                }
            } catch {
                throw Failure(error)
            }
            if let failure { throw failure }
        }
    }
}

/// Puts the calls of one run in a journal file before the judges, a page at a time: one thread reads while another judges.
private final class JournalTrial {
    private let reader: JournalReader
    private let run: Int
    private let examination: Examination
    private let wanted: Wanted
    private var marks: ArraySlice<Mark> = []
    private var end = Moment(Instant(nanoseconds: 0))
    private var clocks: [String: Instant] = [:]

    init(_ reader: JournalReader, run: Int, _ expectations: [Expectation]) {
        (self.reader, self.run) = (reader, run)
        examination = Examination(expectations)
        wanted = Wanted(expectations)
    }

    /// The end is the last thing that happened, in each space by its own clock.
    func findings() throws(DatabaseError) -> Findings {
        marks = try reader.marks(run: run)[...]
        let pages = Handover<Result<[ObservedCall], DatabaseError>>(most: 4)
        let (thread, failure) = BackgroundThread.start { [reader, run, wanted] in
            Self.read(reader, run, wanted, into: pages)
        }
        if let failure { throw DatabaseError(.unreadable, path: reader.path, what: "cannot be read: \(failure)") }
        defer { thread.join() }
        while let page = pages.take() {
            for call in try page.get() { take(call) }
        }
        takeMarks(until: Instant(nanoseconds: .max))
        return examination.findings(at: end, clocks: clocks)
    }

    private static func read(
        _ reader: JournalReader, _ run: Int, _ wanted: Wanted,
        into pages: Handover<Result<[ObservedCall], DatabaseError>>
    ) {
        do throws(DatabaseError) {
            var page: [ObservedCall] = []
            try reader.each(run: run) { entry in
                page.append(ObservedCall(entry.call, wanted: wanted))
                guard page.count == 1_000 else { return true }
                defer { page.removeAll(keepingCapacity: true) }
                return pages.give(.success(page))
            }
            _ = pages.give(.success(page))
        } catch {
            _ = pages.give(.failure(error))
        }
        pages.end()
    }

    private func take(_ call: ObservedCall) {
        takeMarks(until: call.arrived.real)
        note(call.arrived, call.space)
        if let ended = call.ended { note(ended, call.space) }
        examination.take(call)
    }

    private func takeMarks(until moment: Instant) {
        while let mark = marks.first, mark.at <= moment {
            let observed = ObservedMark(mark)
            note(observed.at, mark.space)
            examination.take(observed)
            marks.removeFirst()
        }
    }

    private func note(_ moment: Moment, _ space: String) {
        if moment.real > end.real { end = moment }
        clocks[space] = max(clocks[space] ?? moment.clock, moment.clock)
    }
}
