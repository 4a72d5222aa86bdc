import Testing

@Suite("Wording") struct WordingTests {
    /// Written so that no pattern finds itself.
    @Test(
        "no line mentions a machine's paths or a registry's host",
        arguments: [
            "/(w[o]rk|f[a]rm|r[o]ot|h[o]me/[a-z]+|U[s]ers)/", "(py[p]i|pythonh[o]sted)\\.org", "deb\\.d[e]bian\\.org",
            "registry\\.n[p]mjs", "\\.cr[a]tes\\.io",
        ])
    func noMachines(forbidden: String) throws {
        let pattern = try Pattern(forbidden)
        let found = SourceTree.everything.flatMap { $0.mentions(of: pattern) }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    }

    @Test("a type never carries its module's name: the module already says it")
    func typesAreNotPrefixed() throws {
        for module in try Manifest().modules {
            let declaration = try Pattern(
                #"\b(?:struct|class|enum|actor|protocol|typealias) \#(module.name)(?:[A-Z]\w*)?\b"#)
            let found = module.files.flatMap { $0.mentions(of: declaration) }
            #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
        }
    }

    @Test("a test file declares the suite that it is named after")
    func suitesAreNamedAfterFiles() {
        let strangers = SourceTree.tests.filter { $0.name.hasSuffix("Tests.swift") }.filter { file in
            let suite = file.name.dropLast(".swift".count)
            return !file.lines.contains { $0.contains("struct \(suite) {") || $0.contains("class \(suite) {") }
        }
        #expect(strangers.isEmpty, "\(strangers.map(\.path))")
    }
}
