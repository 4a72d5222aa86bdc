import Support
import Testing

/// What a reader would try: the links, the commands, the paths and the samples of every document.
@Suite("The documents") struct DocumentsTests {
    static let documents = SourceTree.everything.filter { $0.path.hasSuffix(".md") }

    @Test("they are there")
    func areThere() {
        let pages = [
            "architecture", "clients", "control-api", "dashboard", "faults", "figures", "scenarios", "threat-model",
            "verdicts",
        ]
        let wanted = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"] + pages.map { "docs/\($0).md" }
        #expect(Set(wanted).subtracting(Self.documents.map(\.path)).isEmpty)
    }

    @Test("every link leads to a file that is here, and to a heading of it", arguments: documents)
    func linksHold(document: Document) throws {
        let linked = try Pattern(#"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)"#).groups(in: document.prose)
        for link in linked {
            let path = link[1].isEmpty ? document.path : document.resolved(link[1])
            guard let target = SourceTree.file(path) else {
                #expect(SourceTree.exists(path), "not here: \(path)")
                continue
            }
            #expect(link[2].isEmpty || target.headings.contains(link[2]), "\(path) has no heading #\(link[2])")
        }
    }

    @Test("every path of the repository that stands in backquotes exists", arguments: documents)
    func pathsExist(document: Document) throws {
        let path = try Pattern(#"(?<![\w/.-])(?:Sources|Tests|Bench|Scripts|fixtures|docs)/[\w./+-]*[\w/]"#)
        for named in path.groups(in: document.code).map({ $0[0] }) {
            #expect(SourceTree.exists(named), "not here: \(named)")
        }
    }

    @Test("the architecture tells of every stage of the line")
    func stagesAreTold() throws {
        let architecture = try #require(SourceTree.file("docs/architecture.md"))
        let stages = SourceTree.files(in: "Sources/Core/Emulator/Line", endings: ["swift"]).map(\.name)
        #expect(stages.count > 10)
        for stage in stages { #expect(architecture.code.contains(stage), "\(stage) is not told of") }
    }

    @Test("every make target exists", arguments: documents)
    func targetsExist(document: Document) throws {
        let makefile = try #require(SourceTree.file("Makefile"))
        let targets = Set(try Pattern(#"(?m)^([a-z]+):"#).groups(in: makefile.text).map { $0[1] })
        let named = Set(try Pattern(#"\bmake ([a-z]+)\b"#).groups(in: document.code).map { $0[1] })
        #expect(named.subtracting(targets).isEmpty, "not in the Makefile: \(named.subtracting(targets).sorted())")
    }

    @Test("every command of the program exists and takes the options that are shown", arguments: documents)
    func commandsExist(document: Document) throws {
        let shown = try Pattern(#"\bunderstudy ([a-z]+)\b([^\n|#`]*)"#).groups(in: document.code)
        for words in shown {
            let help = try Program.run(words[1], "--help")
            #expect(help.code == 0, "no such command: \(words[0])")
            // A fault's parameters are options of `fault add`, too many for its help.
            let options = words[1] == "fault" ? [] : try Pattern(#"(?<= )--[a-z-]+"#).groups(in: words[2]).map { $0[0] }
            for option in options where option != "--help" {
                #expect(help.output.contains(option), "\(words[1]) has no \(option)")
            }
        }
    }

    @Test("every scenario is one that `understudy check` takes", arguments: documents)
    func scenariosAreGood(document: Document) throws {
        let samples = try Pattern(#"(?s)```jsonc\n(.*?)```"#).groups(in: document.text).map { $0[1] }
        // Expectations are taken by `verify`, which the walk of the documents runs.
        for sample in samples where !sample.hasPrefix(#"{ "expect""#) {
            try check(sample.hasPrefix("{") ? sample : #"{"understudy": 1, \#(sample)}"#)
        }
    }

    @Test("every fault is one that `understudy check` takes", arguments: documents)
    func faultsAreGood(document: Document) throws {
        let faults = try Pattern(#"`\{("fault":[^`]*\})`"#).groups(in: document.text).map { $0[1] }
        let named = faults.enumerated().map { #"{"name": "\#($0.offset)", \#($0.element)"# }
        if !named.isEmpty { try check(#"{"understudy": 1, "faults": [\#(named.joined(separator: ",\n"))]}"#) }
    }

    private func check(_ scenario: String) throws {
        let folder = try TemporaryFolder()
        let checked = try Program.run("check", try folder.write("sample.json", scenario.utf8))
        #expect(checked.code == 0, "\(checked.errors)\n\(scenario)")
    }
}

typealias Document = SourceFile

extension SourceFile: CustomTestStringConvertible {
    var testDescription: String { path }

    /// What stands in backquotes or in a fence: prose may "make sense".
    var code: String {
        split { isFenced, line in
            if isFenced { return line }
            return line.components(separatedBy: "`").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
                .joined(separator: "\n")
        }
    }

    /// What stands in no fence.
    var prose: String { split { isFenced, line in isFenced ? "" : line } }

    /// As a link writes them: `## A whole one` is `a-whole-one`.
    var headings: [String] {
        prose.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
            line.drop { $0 == "#" || $0 == " " }.lowercased().filter {
                $0.isLetter || $0.isNumber || "- _".contains($0)
            }
            .replacingOccurrences(of: " ", with: "-")
        }
    }

    /// A link's target from the repository's root.
    func resolved(_ link: String) -> String {
        var places = path.split(separator: "/").dropLast().map(String.init)
        for step in link.split(separator: "/") {
            if step == ".." { _ = places.popLast() } else { places.append(String(step)) }
        }
        return places.joined(separator: "/")
    }

    private func split(_ transform: (Bool, String) -> String) -> String {
        var isFenced = false
        return lines.map { line -> String in
            if line.hasPrefix("```") {
                isFenced.toggle()
                return ""
            }
            return transform(isFenced, line)
        }.joined(separator: "\n")
    }
}
