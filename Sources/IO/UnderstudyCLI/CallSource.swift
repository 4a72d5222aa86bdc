import Emulator
import Fields
import JSON
import Journal
import Library
import Store
import Verdicts

/// Whose calls are judged or drawn: a running server's, or those of one run in a journal file.
enum CallSource {
    case server(ServerClient, target: (String) -> String)
    case journal(JournalReader, run: Int)

    /// A journal says nothing of what else there was: any agent and any rule may have been meant.
    private static let anyNames = KnownNames(
        agents: ["*"], operations: Vocabulary.operationsOfCalls, rules: ["*"])

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
    func findings(_ bytes: [UInt8], _ name: String, _ progress: ProgressLine) throws(Failure) -> Findings {
        defer { progress.hide() }
        switch self {
        case .server(let client, let target):
            progress.begin("waiting for the verdicts of \(client.address.authority)")
            return try Self.asked(client, target("verify"), bytes, name)
        case .journal(let reader, let run):
            let expectations = try Self.expectations(bytes, name, known: Self.anyNames)
            progress.begin("judging \(reader.path)")
            do throws(DatabaseError) {
                return try JournalTrial(reader, run: run, expectations, progress).findings()
            } catch {
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
