// Rules.  man(7): a line that begins with a full stop or an apostrophe is a request, a backslash begins an escape, and a
//         hyphen that is to be copied is written \-. The page says what --help says: both are made of the commands.

extension Command {
    static let man = Command(
        name: "man", usage: "man [> FILE]", summary: "prints the manual page",
        notes: "understudy man > understudy.1, then `man -l understudy.1`; the Debian package has it installed.",
        options: []
    ) { (arguments, console) throws(Failure) in
        guard arguments.words.isEmpty else { throw .usage("it takes no words") }
        try console.print(ManualPage.text(of: Command.catalogue))
        return .good
    }
}

/// The manual page, of all commands and their options.
enum ManualPage {
    static func text(of commands: [Command]) -> String {
        let head = """
            .TH UNDERSTUDY 1 "" "understudy \(version)" "User Commands"
            .SH NAME
            understudy \\- a local stand\\-in for Amazon Bedrock AgentCore Runtime
            .SH SYNOPSIS
            .B understudy
            .I command
            .RI [ options ]
            .SH COMMANDS
            """
        let foot = """
            .SH EXIT STATUS
            0 good, 1 a verdict failed, 2 wrong usage or bad input, 3 inconclusive.
            """
        return ([head] + commands.map(section) + [foot]).joined(separator: "\n")
    }

    private static func section(_ command: Command) -> String {
        var lines = [".SS \(escaped(command.name))", ".B understudy", escaped(command.usage), ".PP"]
        lines.append(escaped(command.summary.prefix(1).uppercased() + command.summary.dropFirst() + "."))
        for option in command.options { lines += [".TP", ".B \(escaped(option.label))", escaped(option.help)] }
        if !command.notes.isEmpty {
            // As they are laid out for the help.
            lines += [".PP", ".nf"]
            lines += command.notes.split(separator: "\n", omittingEmptySubsequences: false).map { escaped(String($0)) }
            lines.append(".fi")
        }
        return lines.joined(separator: "\n")
    }

    private static func escaped(_ text: String) -> String {
        var escaped = text.first == "." || text.first == "'" ? "\\&" : ""
        for letter in text {
            switch letter {
            case "\\": escaped += "\\e"
            case "-": escaped += "\\-"
            default: escaped.append(letter)
            }
        }
        return escaped
    }
}
