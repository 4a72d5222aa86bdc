import Testing

/// A new kind is one file and one line in its catalogue, and neither can come without the other. Of migrations, which never
/// change, a file may hold several.
@Suite("Catalogues") struct CataloguesTests {
    struct Catalogue: Sendable, CustomTestStringConvertible {
        /// Where each file is one entry, by its name.
        let folder: String
        /// The file with the list: `static let catalogue: [X] = [.entry, …]`, or `all`; of types, `Entry.self`.
        let list: String
        /// What declares an entry, its name in a group, where a file may hold several.
        var declaration: String?

        var testDescription: String { folder }
    }

    static let catalogues = [
        Catalogue(folder: "Sources/Core/Faults/Catalogue", list: "Sources/Core/Faults/FaultCatalogue.swift"),
        Catalogue(folder: "Sources/Core/Rules/Operators", list: "Sources/Core/Rules/Comparison.swift"),
        Catalogue(folder: "Sources/Core/Rules/Replies", list: "Sources/Core/Rules/Reply.swift"),
        Catalogue(folder: "Sources/Core/Emulator/Operations", list: "Sources/Core/Emulator/Operation.swift"),
        Catalogue(folder: "Sources/Core/Neighbours/Services", list: "Sources/Core/Neighbours/Neighbour.swift"),
        Catalogue(folder: "Sources/Core/ControlAPI/Calls", list: "Sources/Core/ControlAPI/ControlTable.swift"),
        Catalogue(folder: "Sources/Core/Verdicts/Expectations", list: "Sources/Core/Verdicts/Expectation.swift"),
        Catalogue(
            folder: "Sources/IO/Store/Migrations", list: "Sources/IO/Store/Migrations/Migration.swift",
            declaration: #"static let (m\d+\w*)"#),
        Catalogue(folder: "Sources/IO/UnderstudyCLI/Commands", list: "Sources/IO/UnderstudyCLI/Command.swift"),
    ]

    @Test("a catalogue lists exactly its folder", arguments: catalogues)
    func lists(_ catalogue: Catalogue) throws {
        let list = try #require(SourceTree.file(catalogue.list), "no such catalogue")
        let declaration = try Pattern(#"static let (?:catalogue|all): \[(?:\w+|any \w+\.Type)\] = \[([^\]]*)\]"#)
        let entries = try #require(declaration.groups(in: list.text).first, "no list in \(catalogue.list)")[1]
        let listed = try Pattern(#"\.?(\w+)(?:\.self)?"#).groups(in: entries).map { $0[1].lowercased() }
        let files = SourceTree.files(in: catalogue.folder, endings: ["swift"]).filter { $0.path != catalogue.list }
        let declared = try catalogue.declaration.map(Pattern.init).map { pattern in
            files.flatMap { pattern.groups(in: $0.text) }.map { $0[1].lowercased() }
        }
        let held = declared ?? files.map { $0.name.dropLast(".swift".count).lowercased() }
        #expect(!held.isEmpty)
        #expect(listed.sorted() == held.sorted())
    }
}
