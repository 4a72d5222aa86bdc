import Testing

@testable import UnderstudyCLI

@Suite("completions") struct CompletionsTests {
    @Test("each shell is told every command and every option", arguments: ["bash", "zsh", "fish"])
    func everything(shell: String) {
        let ran = Ran("completions", shell)
        #expect(ran.exit == .good && ran.errors.isEmpty)
        for command in Command.catalogue {
            #expect(ran.output.contains(command.name))
            for option in command.options {
                let name = shell == "fish" ? "-l \(option.name.dropFirst(2))" : option.name
                #expect(ran.output.contains(name), "\(name) of \(command.name)")
            }
        }
    }

    @Test("a value that is one of some words is completed to them", arguments: ["bash", "zsh", "fish"])
    func choices(shell: String) { #expect(Ran("completions", shell).output.contains("strict off")) }

    @Test("no shell, or one that is not known, is wrong usage", arguments: [[], ["csh"], ["bash", "zsh"]])
    func unknown(shells: [String]) {
        let ran = Ran(["completions"] + shells)
        #expect(ran.exit == .badInput && ran.errors.contains("bash, zsh, fish"))
    }
}
