import Support
import Testing

@testable import UnderstudyCLI

/// Runs one command line in this process.
struct Ran: Equatable {
    var exit: Exit
    var output = ""
    var errors = ""

    /// The lines of standard output.
    var lines: [String] { output.split(separator: "\n").map(String.init) }

    init(_ words: String...) { self.init(words) }

    init(_ words: [String]) {
        let said = Gathered<(isError: Bool, bytes: [UInt8])>()
        exit = run(
            words,
            Console { isError, bytes in
                said.add((isError, bytes))
                return 0
            })
        output = String(decoding: said.all.filter { !$0.isError }.flatMap(\.bytes), as: UTF8.self)
        errors = String(decoding: said.all.filter(\.isError).flatMap(\.bytes), as: UTF8.self)
    }
}

@Suite("The command line") struct CommandLineTests {
    @Test("no words: what there is, on standard error, exit 2")
    func nothing() {
        let ran = Ran()
        #expect(ran.exit == .badInput && ran.output.isEmpty)
        #expect(ran.errors.contains("usage: understudy <command>"))
    }

    @Test("help lists every command", arguments: ["help", "--help", "-h"])
    func help(word: String) {
        let ran = Ran(word)
        #expect(ran.exit == .good && ran.errors.isEmpty)
        for command in Command.catalogue { #expect(ran.output.contains("  \(command.name) ")) }
    }

    @Test("help for a command, asked for in any way, is the same text", arguments: Command.catalogue.map(\.name))
    func helpOfCommands(name: String) {
        let ran = Ran(name, "--help")
        #expect(ran.exit == .good && ran.errors.isEmpty)
        #expect(ran.output.contains("usage: understudy \(name) "))
        for other in [Ran(name, "-h"), Ran("help", name), Ran("--help", name)] { #expect(other == ran) }
    }

    @Test("help for what is no command says so")
    func helpOfNothing() {
        let ran = Ran("help", "srve")
        #expect(ran.exit == .badInput && ran.output.isEmpty)
        #expect(ran.errors.contains("no command “srve”; did you mean serve?"))
    }

    @Test("the version", arguments: ["--version", "version"])
    func versions(word: String) {
        #expect(Ran(word).output == "understudy \(version)\n")
    }

    @Test("an unknown command is named, with what it may have been")
    func unknown() {
        #expect(Ran("chekc").errors.contains("no command “chekc”; did you mean check?"))
        #expect(!Ran("frobnicate").errors.contains("did you mean"))
        #expect(Ran("frobnicate").exit == .badInput)
    }

    @Test("nobody reads the help: a quiet end; no room for it: an error")
    func outputErrors() {
        for words in [["help"], ["--version"], ["check", "--help"]] {
            let said = Gathered<[UInt8]>()
            #expect(
                run(
                    words,
                    Console {
                        $0 ? said.add($1) : (); return $0 ? 0 : 32
                    }) == .good)
            #expect(said.all.isEmpty)
            let full = Console {
                $0 ? said.add($1) : (); return $0 ? 0 : 28
            }
            #expect(run(words, full) == .badInput)
            #expect(String(decoding: said.all.joined(), as: UTF8.self).contains("standard output: No space left"))
        }
    }

    @Test("as a process: the same words, the exit code, and nothing of a pipe that broke")
    func process() throws {
        #expect(try Program.run("--version") == Program.End(code: 0, output: "understudy \(version)\n"))
        #expect(try Program.run("frobnicate").code == 2)
        #expect(try Program(["help"], output: .broken).end() == Program.End(code: 0))
        #expect(try Program(["help"], output: .file("/dev/full")).end().code == 2)
    }

    @Test("whatever is typed: good or bad input, and what is bad is said")
    func anything() {
        let seed: UInt64 = 11
        var chance = SeededGenerator(seed: seed)
        // Not `serve` and not `--follow`, which do not end, nor `health`, which finds nobody and says so by its exit code.
        let commands = Command.catalogue.map(\.name).filter { !["serve", "health"].contains($0) }
        let options = Command.catalogue.flatMap { $0.options.map(\.name) }.filter { $0 != "--follow" }
        let values = [
            "/no/such/file", "/", "/dev/null", "-", "--", "", "=", "0", "-1", "99999999999999999999", "5m", "é\u{0}",
            "a=b",
            "http://127.0.0.1:1", "http://[", "https://x", "\u{1B}[2J", String(repeating: "x", count: 10_000),
        ]
        for round in 0..<1_000 {
            var words = [commands.randomElement(using: &chance) ?? ""]
            for _ in 0..<Int.random(in: 0...4, using: &chance) {
                let option = options.randomElement(using: &chance) ?? ""
                let value = values.randomElement(using: &chance) ?? ""
                words.append([option, value, "\(option)=\(value)"].randomElement(using: &chance) ?? "")
            }
            let ran = Ran(words)
            #expect(ran.exit != .inconclusive || words[0] == "verify", "seed \(seed), round \(round): \(words)")
            #expect(ran.exit != .badInput || !ran.errors.isEmpty, "seed \(seed), round \(round): \(words)")
        }
    }
}
