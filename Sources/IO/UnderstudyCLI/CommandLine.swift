import CShims
import Glibc

package let version = "0.1.0"

/// The program: finds the command and leaves with its exit code.
package func main() {
    // A reader that goes away is an error to be read, not a reason to die: a server outlives whoever read its log.
    signal(SIGPIPE, SIG_IGN)
    exit(run(Array(startWords.dropFirst()), .standard).rawValue)
}

/// What `CommandLine.arguments` holds, also where there is no /proc.
private var startWords: [String] {
    var words: [String] = []
    guard var next = shim_arguments() else { return words }
    while let word = next.pointee {
        words.append(String(cString: word))
        next += 1
    }
    return words
}

package func run(_ words: [String], _ console: Console) -> Exit {
    guard let first = words.first else {
        console.complain(overview)
        return .badInput
    }
    switch first {
    case "--help", "-h", "help": return help(words.dropFirst().first, console)
    case "--version", "version": return tell("understudy \(version)", console)
    default: break
    }
    guard let command = Command.catalogue.first(where: { $0.name == first }) else {
        return complain(ofCommand: first, console)
    }
    return command.execute(Array(words.dropFirst()), console)
}

private func help(_ name: String?, _ console: Console) -> Exit {
    guard let name, !name.hasPrefix("-") else { return tell(overview, console) }
    guard let command = Command.catalogue.first(where: { $0.name == name }) else {
        return complain(ofCommand: name, console)
    }
    return tell(command.help, console)
}

private func tell(_ text: String, _ console: Console) -> Exit {
    do throws(Failure) {
        try console.print(text)
    } catch .nobodyReads {
        return .good
    } catch {
        console.complain("understudy: \(error.message)")
        return .badInput
    }
    return .good
}

private func complain(ofCommand name: String, _ console: Console) -> Exit {
    let hint = Spelling.hint(for: name, among: Command.catalogue.map(\.name))
    console.complain("understudy: no command “\(name)”\(hint)\n(understudy --help lists them)")
    return .badInput
}

private var overview: String {
    let width = Command.catalogue.map(\.name.count).max() ?? 0
    let lines = Command.catalogue.map {
        "  " + $0.name + String(repeating: " ", count: width - $0.name.count + 2) + $0.summary
    }
    return """
        A local stand-in for Amazon Bedrock AgentCore Runtime.

        usage: understudy <command> [options]

        \(lines.joined(separator: "\n"))

        understudy <command> --help tells a command's options.
        Exit codes: 0 good, 1 a verdict failed, 2 wrong usage or bad input, 3 inconclusive.
        """
}
