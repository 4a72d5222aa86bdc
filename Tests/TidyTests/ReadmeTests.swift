import Testing

@Suite("The README") struct ReadmeTests {
    @Test("every make target that it names is in the Makefile")
    func targetsExist() throws {
        let readme = try #require(SourceTree.file("README.md"))
        let makefile = try #require(SourceTree.file("Makefile"))
        let named = Set(try Pattern(#"\bmake ([a-z]+)\b"#).groups(in: code(of: readme)).map { $0[1] })
        let targets = Set(try Pattern(#"(?m)^([a-z]+):"#).groups(in: makefile.text).map { $0[1] })
        #expect(!named.isEmpty)
        #expect(named.subtracting(targets).isEmpty, "not in the Makefile: \(named.subtracting(targets).sorted())")
    }

    @Test("every command of the program that it shows exists")
    func commandsExist() throws {
        let readme = try #require(SourceTree.file("README.md"))
        let shown = Set(try Pattern(#"\bunderstudy ([a-z]+)\b"#).groups(in: code(of: readme)).map { $0[1] })
        let commands = Set(
            SourceTree.files(in: "Sources/IO/UnderstudyCLI/Commands", endings: ["swift"])
                .map { $0.name.dropLast(".swift".count).lowercased() })
        #expect(!shown.isEmpty)
        #expect(shown.subtracting(commands).isEmpty, "no such command: \(shown.subtracting(commands).sorted())")
    }

    @Test("every file that it links to is here")
    func linksHold() throws {
        let readme = try #require(SourceTree.file("README.md"))
        let linked = try Pattern(#"\]\((?!https?:|#)([^)#]+)"#).groups(in: readme.text).map { $0[1] }
        let missing = linked.filter {
            SourceTree.file($0) == nil && SourceTree.files(in: $0, endings: ["md", "json", "swift"]).isEmpty
        }
        #expect(missing.isEmpty, "not here: \(missing)")
    }

    /// What stands in backquotes or in a fence: prose may "make sense".
    private func code(of file: SourceFile) -> String {
        var isFenced = false
        return file.lines.map { line -> String in
            if line.hasPrefix("```") { isFenced.toggle() }
            if isFenced { return line }
            return line.components(separatedBy: "`").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
                .joined(separator: "\n")
        }.joined(separator: "\n")
    }
}
