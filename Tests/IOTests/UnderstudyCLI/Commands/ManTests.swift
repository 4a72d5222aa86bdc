import Testing

@testable import UnderstudyCLI

@Suite("man") struct ManTests {
    @Test("the page tells of every command and every option")
    func everything() {
        let ran = Ran("man")
        #expect(ran.exit == .good && ran.errors.isEmpty)
        for command in Command.catalogue {
            #expect(ran.output.contains("\n.SS \(command.name)\n"))
            for option in command.options {
                #expect(ran.output.contains(ManTests.escaped(option.name)), "\(option.name) of \(command.name)")
            }
        }
    }

    @Test("no line of a text is a request, and no text holds an escape")
    func escapes() {
        let command = Command(
            name: "odd", usage: "odd", summary: "s", notes: ".B not bold\n'x\nC:\\temp", options: []
        ) { (_, _) throws(Failure) in .good }
        let text = ManualPage.text(of: [command])
        #expect(text.contains("\n\\&.B not bold\n\\&'x\nC:\\etemp\n"))
    }

    @Test("it takes no words")
    func words() { #expect(Ran("man", "serve").exit == .badInput) }

    private static func escaped(_ name: String) -> String {
        name.split(separator: "-", omittingEmptySubsequences: false).joined(separator: "\\-")
    }
}
