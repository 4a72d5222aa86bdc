import Support
import Testing

@testable import UnderstudyCLI

@Suite("Command") struct CommandTests {
    private func execute(_ words: [String] = [], _ work: @escaping @Sendable () throws(Failure) -> Exit) -> Ran {
        let command = Command(
            name: "try", usage: "try", summary: "tries", notes: "A note.", options: [Option("--port", "N", "where")]
        ) { (_, _) throws(Failure) in try work() }
        let said = Gathered<[UInt8]>()
        var ran = Ran("--version")
        ran.exit = command.execute(
            words,
            Console { _, bytes in
                said.add(bytes)
                return 0
            })
        ran.output = ""
        ran.errors = String(decoding: said.all.joined(), as: UTF8.self)
        return ran
    }

    @Test("the exit codes are the contract's")
    func codes() {
        #expect([Exit.good, .verdictFailed, .badInput, .inconclusive].map(\.rawValue) == [0, 1, 2, 3])
        for exit in [Exit.good, .verdictFailed, .badInput, .inconclusive] { #expect(execute { exit }.exit == exit) }
    }

    @Test("a failure is one line with the command's name")
    func failures() {
        let ran = execute { () throws(Failure) in throw Failure("a.json: gone") }
        #expect(ran.exit == .badInput && ran.errors == "understudy try: a.json: gone\n")
    }

    @Test("wrong words point to the help")
    func usage() {
        let ran = execute(["--prt"]) { .good }
        #expect(ran.exit == .badInput)
        #expect(
            ran.errors
                == "understudy try: unknown option --prt; did you mean --port?\n(understudy try --help lists the options)\n"
        )
    }

    @Test("mistakes begin with their place, as compilers write them")
    func mistakes() {
        let ran = execute { () throws(Failure) in throw Failure(mistakes: ["a.json:1:2: x", "b.json:3:4: y"]) }
        #expect(ran.errors == "a.json:1:2: x\nb.json:3:4: y\nunderstudy try: 2 mistakes\n")
    }

    @Test("nobody reads: a quiet, good end")
    func nobodyReads() {
        let ran = execute { () throws(Failure) in throw .nobodyReads }
        #expect(ran.exit == .good && ran.errors.isEmpty)
    }

    @Test(
        "what was found holds, whether or not anybody reads it", arguments: [Exit.good, .verdictFailed, .inconclusive])
    func unread(exit: Exit) throws {
        #expect(try exit.evenUnread { () throws(Failure) in throw .nobodyReads } == exit)
        #expect(try exit.evenUnread {} == exit)
        #expect(throws: Failure("x")) { try exit.evenUnread { () throws(Failure) in throw Failure("x") } }
    }

    @Test("the help has usage, every option and the notes")
    func help() {
        let text = execute(["--help"]) { .badInput }.errors
        #expect(
            text == """
                tries

                usage: understudy try

                  --port N  where
                  --help    this text

                A note.

                """)
    }

    @Test("no two commands, and no two options of one, share a name")
    func names() {
        let names = Command.catalogue.map(\.name)
        #expect(Set(names).count == names.count)
        for command in Command.catalogue {
            let options = command.options.map(\.name)
            #expect(Set(options).count == options.count && options.allSatisfy { $0.hasPrefix("--") })
        }
    }
}
