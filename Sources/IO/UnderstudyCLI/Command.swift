/// One word of the command line. One file each, below `Commands/`.
package struct Command: Sendable {
    let name: String
    let usage: String
    let summary: String
    var notes = ""
    let options: [Option]
    /// Whether options that are not listed are handed over as `others`.
    var takesOthers = false
    let run: @Sendable (Arguments, Console) throws(Failure) -> Exit

    package static let catalogue: [Command] = [
        .serve,
        .record,
        .redact,
        .load,
        .export,
        .check,
        .plan,
        .token,
        .journal,
        .verify,
        .report,
        .fidelity,
        .diff,
        .fault,
        .clock,
        .space,
        .health,
        .schema,
        .completions,
        .man,
        .ca,
        .doctor,
    ]
}

/// Exit codes of the contract.
package enum Exit: Int32, Sendable {
    case good = 0
    case verdictFailed = 1
    case badInput = 2
    case inconclusive = 3

    /// What was found holds, whether or not anybody reads it: `diff a b | head -1` fails as `diff a b` does.
    func evenUnread(_ tell: () throws(Failure) -> Void) throws(Failure) -> Exit {
        do throws(Failure) { try tell() } catch .nobodyReads {}
        return self
    }
}

/// Why a command could not do its work: said on standard error, exit 2.
package struct Failure: Error, Equatable {
    package var message: String
    /// What is wrong with the input, each a line that begins with its place, as compilers write them.
    package var mistakes: [String] = []

    /// Whether the words of the command line are wrong, and not what they name.
    package var isUsage = false

    package init(_ message: String) { self.message = message }
    package init(mistakes: [String]) {
        message = Spelling.count(mistakes.count, "mistake")
        self.mistakes = mistakes
    }

    package static func usage(_ message: String) -> Failure {
        var failure = Failure(message)
        failure.isUsage = true
        return failure
    }

    /// Whoever read standard output has gone (`| head -1`): nothing is left to do, and nothing to complain of.
    package static let nobodyReads = Failure("")
}

extension Command {
    static let helpOption = Option("--help", nil, "this text")

    package func execute(_ words: [String], _ console: Console) -> Exit {
        do throws(Failure) {
            let arguments = try Arguments(
                words, options: options + [Self.helpOption], takesOthers: takesOthers)
            if arguments.has("--help") {
                try console.print(help)
                return .good
            }
            return try run(arguments, console)
        } catch .nobodyReads {
            return .good
        } catch {
            for mistake in error.mistakes { console.complain(mistake) }
            let hint = error.isUsage ? "\n(understudy \(name) --help lists the options)" : ""
            console.complain("understudy \(name): \(error.message)\(hint)")
            return .badInput
        }
    }

    package var help: String {
        let width = (options + [Self.helpOption]).map { $0.label.count }.max() ?? 0
        let lines = (options + [Self.helpOption]).map {
            "  " + $0.label + String(repeating: " ", count: width - $0.label.count + 2) + $0.help
        }
        let text = "\(summary)\n\nusage: understudy \(usage)\n\n" + lines.joined(separator: "\n")
        return notes.isEmpty ? text : text + "\n\n" + notes
    }
}

extension Option {
    var label: String { value.map { "\(name) \($0)" } ?? name }
}
