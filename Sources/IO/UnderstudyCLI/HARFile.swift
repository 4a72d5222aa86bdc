import Bytes
import HAR
import Library
import Recording
import Redaction
import Store

/// HTTP archives as libraries: recorded calls, and the agents that they were made to.
enum HARFile {
    static func isMeant(_ path: String, _ bytes: [UInt8]) -> Bool {
        path.hasSuffix(".har") || Archive.isMeant(by: bytes)
    }

    static func read(_ path: String, _ bytes: [UInt8]) throws(Failure) -> Libraries.Reading {
        var scenario = Scenario()
        let others: Int
        do throws(ArchiveMistake) {
            (scenario.recorded, others) = try ArchivedCalls.calls(of: try Archive(bytes))
        } catch {
            return .bad(["\(path): \(error)"])
        }
        guard !scenario.recorded.isEmpty else {
            return .bad(["\(path): none of its \(Spelling.count(others, "call")) is one of this service"])
        }
        for call in scenario.recorded where !scenario.agents.contains(where: { $0.arn == call.agent }) {
            var agent = Agent(arn: call.agent)
            // The archive does not tell who was let in.
            agent.auth = Auth.none
            if call.qualifier != "DEFAULT" {
                let names = Set(scenario.recorded.filter { $0.agent == call.agent }.map(\.qualifier))
                agent.endpoints = ["DEFAULT"] + names.subtracting(["DEFAULT"]).sorted()
            }
            scenario.agents.append(agent)
        }
        return .good(scenario)
    }

    /// An agent that the library knows stays as it is.
    static func leaveKnownAgents(
        of target: String, _ scenarios: inout [Scenario], _ paths: [String]
    ) throws(Failure) {
        let places = paths.indices.filter { isMeant(paths[$0], FileBytes.beginning(of: paths[$0], count: 4_096)) }
        guard !places.isEmpty, FileBytes.exists(target) else { return }
        let known: Scenario
        do throws(DatabaseError) { known = try LibraryFile.read(target) } catch { throw Failure(error) }
        for place in places {
            scenarios[place].agents.removeAll { agent in known.agents.contains { $0.arn == agent.arn } }
        }
    }

    /// Without the secrets that the archives among them have, unless they are to stay. Answers which are left.
    static func add(
        _ scenarios: [Scenario], _ arguments: Arguments, to target: String, written: (Int) -> Void
    ) throws(Failure) -> (redaction: RecordedRedaction?, left: [FinalScan.Remainder]) {
        let isArchive = arguments.words.map { isMeant($0, FileBytes.beginning(of: $0, count: 4_096)) }
        let rules = try RecordingPlan.rules(arguments)
        let isClean = isArchive.contains(true) && !arguments.has("--keep-secrets")
        let redaction = isClean ? RecordedRedaction(rules: rules, key: PseudonymKey.load()) { isArchive[$0] } : nil
        do throws(DatabaseError) {
            var codes: [[Pseudonyms.Entry]] = []
            for path in arguments.words {
                codes.append(Libraries.isDatabase(path) ? try LibraryFile.codes(in: path) : [])
            }
            try LibraryFile.add(scenarios, codes: codes, to: target, redaction, written: written)
            guard let redaction else { return (nil, []) }
            return (redaction, try RecordingScan.remainders(in: target, rules: rules, known: redaction.known))
        } catch {
            throw Failure(error)
        }
    }

    static func text(_ scenario: Scenario) -> [UInt8] {
        ArchivedCalls.archive(scenario.recorded, creator: "understudy", version: version).written.bytes(.pretty)
            + [UInt8(ascii: "\n")]
    }
}
