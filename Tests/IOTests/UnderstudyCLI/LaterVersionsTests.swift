import Testing

@testable import UnderstudyCLI

@Suite("What later versions have") struct LaterVersionsTests {
    @Test("a command of a later version is no misspelling", arguments: LaterVersions.commands)
    func commands(name: String) {
        for ran in [Ran(name), Ran(name, "--help"), Ran(name, "x", "--into", "y"), Ran("help", name)] {
            #expect(ran.exit == .badInput && ran.output.isEmpty)
            #expect(ran.errors.contains("\(name) is not in this version (\(version))"))
        }
    }

    @Test("nor is an option", arguments: ["--otlp"])
    func options(name: String) {
        for words in [["serve", name, "x"], ["serve", "\(name)=x"], ["serve", name]] {
            let ran = Ran(words)
            #expect(ran.exit == .badInput && ran.output.isEmpty)
            #expect(ran.errors.contains("\(name) is not in this version (\(version))"))
        }
        #expect(Ran("check", name).errors.contains("unknown option \(name)"))
    }

    @Test("what is there is not promised for later")
    func stale() {
        #expect(Set(LaterVersions.commands).isDisjoint(with: Command.catalogue.map(\.name)))
        for command in Command.catalogue {
            #expect(Set(LaterVersions.options[command.name] ?? []).isDisjoint(with: command.options.map(\.name)))
        }
    }
}
