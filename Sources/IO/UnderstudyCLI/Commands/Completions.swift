import Glibc

extension Command {
    static let completions = Command(
        name: "completions", usage: "completions bash|zsh|fish",
        summary: "prints what a shell needs to complete commands and options",
        notes: """
            bash:  eval "$(understudy completions bash)"                                    in ~/.bashrc
            zsh:   eval "$(understudy completions zsh)"                                     in ~/.zshrc, after compinit
            fish:  understudy completions fish > ~/.config/fish/completions/understudy.fish
            """,
        options: []
    ) { (arguments, console) throws(Failure) in
        let shells = ShellCompletion.allCases.map(\.rawValue)
        guard arguments.words.count == 1, let shell = ShellCompletion(rawValue: arguments.words[0]) else {
            throw .usage("name one shell: \(shells.joined(separator: ", "))")
        }
        try console.print(shell.script(for: Command.catalogue))
        return .good
    }
}

/// What a shell is told of the commands, in its own language.
enum ShellCompletion: String, CaseIterable {
    case bash, zsh, fish

    func script(for commands: [Command]) -> String {
        switch self {
        case .bash: Self.bash(commands)
        case .zsh: Self.zsh(commands)
        case .fish: Self.fish(commands)
        }
    }

    private static func bash(_ commands: [Command]) -> String {
        let options = commands.map { command in
            "    \(command.name)) words='\(command.allOptions.map(\.name).joined(separator: " "))' ;;"
        }
        let values = commands.flatMap(\.options).compactMap { option in
            option.choices.map { "    \(option.name)) words='\($0.joined(separator: " "))' ;;" }
        }
        return """
            _understudy() {
              local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=
              # An option and its value may be split at the sign between them.
              if [ "$word" = = ]; then word=; elif [ "$before" = = ]; then before=${COMP_WORDS[COMP_CWORD-2]}; fi
              if [ "$COMP_CWORD" = 1 ]; then
                COMPREPLY=($(compgen -W '\(commands.map(\.name).joined(separator: " "))' -- "$word"))
                return
              fi
              case $before in
            \(unique(values).joined(separator: "\n"))
              esac
              if [ -z "$words" ] && [ "${word:0:1}" = - ]; then
                case ${COMP_WORDS[1]} in
            \(options.joined(separator: "\n"))
                esac
              fi
              if [ -n "$words" ]; then
                COMPREPLY=($(compgen -W "$words" -- "$word"))
              else
                compopt -o filenames 2>/dev/null
                COMPREPLY=($(compgen -f -- "$word"))
              fi
            }
            complete -F _understudy understudy
            """
    }

    private static func zsh(_ commands: [Command]) -> String {
        let names = commands.map { "    \(quoted("\($0.name):\($0.summary)"))" }
        let cases = commands.map { command in
            let options = command.allOptions.map { "      \(quoted(zshOption($0)))" }
            return
                "    \(command.name)) _arguments \\\n\(options.joined(separator: " \\\n")) \\\n      '*:file:_files' ;;"
        }
        return """
            #compdef understudy
            _understudy() {
              if (( CURRENT == 2 )); then
                local -a commands=(
            \(names.joined(separator: "\n"))
                )
                _describe command commands
                return
              fi
              local command=$words[2]
              shift words
              (( CURRENT -= 1 ))
              case $command in
            \(cases.joined(separator: "\n"))
              esac
            }
            compdef _understudy understudy
            """
    }

    /// `*--redact[what it is]:NAME=REGEX:_files`: brackets and colons end what they stand in.
    private static func zshOption(_ option: Option) -> String {
        let help = escaped(option.help, "[]:\\")
        let head = (option.repeats ? "*" : "") + "\(option.name)[\(help)]"
        guard let value = option.value else { return head }
        let action = option.choices.map { "(\($0.joined(separator: " ")))" } ?? (option.takesFile ? "_files" : " ")
        return "\(head):\(escaped(value, ":\\")):\(action)"
    }

    private static func fish(_ commands: [Command]) -> String {
        let first = "not __fish_seen_subcommand_from \(commands.map(\.name).joined(separator: " "))"
        let lines = commands.flatMap { command -> [String] in
            let here = "__fish_seen_subcommand_from \(command.name)"
            let options = command.allOptions.map { option -> String in
                let value = option.value == nil ? "" : option.takesFile ? " -r -F" : " -x"
                let choices = option.choices.map { " -a \(quoted($0.joined(separator: " ")))" } ?? ""
                let name = option.name.dropFirst(2)
                return
                    "complete -c understudy -n \(quoted(here)) -l \(name)\(value)\(choices) -d \(quoted(option.help))"
            }
            return ["complete -c understudy -f -n \(quoted(first)) -a \(command.name) -d \(quoted(command.summary))"]
                + options
        }
        return lines.joined(separator: "\n")
    }

    private static func unique(_ lines: [String]) -> [String] {
        var seen: Set<String> = []
        return lines.filter { seen.insert($0).inserted }
    }

    /// For every one of the three shells: an apostrophe ends the text, stands for itself, and begins it again.
    private static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    private static func escaped(_ text: String, _ signs: String) -> String {
        text.reduce(into: "") { $0 += signs.contains($1) ? "\\\($1)" : String($1) }
    }
}

extension Command {
    fileprivate var allOptions: [Option] { options + [Self.helpOption] }
}

extension Option {
    /// `strict|off` is a choice between words; `FILE.json|FILE.har` and `N|max` are none, as they name something else too.
    fileprivate var choices: [String]? {
        guard let words = value?.split(separator: "|").map(String.init), words.count > 1 else { return nil }
        return words.allSatisfy { $0 == $0.lowercased() } ? words : nil
    }

    fileprivate var takesFile: Bool { value?.hasPrefix("FILE") == true || value == "DIR" }
}
