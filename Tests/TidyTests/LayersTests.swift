import Testing

@Suite("The layers") struct LayersTests {
    let manifest: Manifest
    let importing: Pattern

    init() throws {
        manifest = try Manifest()
        importing = try Pattern(
            #"^\s*(?:@\w+(?:\([^)]*\))? )*(?:package |public |internal |private )?import (?:\w+ )?(\w+)"#)
    }

    @Test("Package.swift lists every folder under Sources, and nothing else")
    func everyModuleIsListed() {
        let folders = Set(
            SourceTree.files(in: "Sources", endings: ["swift", "h", "modulemap"])
                .map { $0.path.split(separator: "/") }.filter { $0.count > 3 }.map { "\($0[1])/\($0[2])" })
        let listed = Set(manifest.modules.map { "\($0.layer.rawValue)/\($0.name)" })
        #expect(folders.subtracting(["IO/Main"]) == listed)
    }

    @Test("a module needs only modules that stand before it")
    func needsLookUp() {
        for (index, module) in manifest.modules.enumerated() {
            for need in module.needs {
                let position = manifest.position(of: need)
                #expect(
                    position.map { $0 < index } == true, "\(module.name) needs \(need), which does not stand above it")
            }
        }
    }

    @Test("Standards need only Bytes and Time, and JSON or Crypto where their standard is built on them")
    func standardsStandAlone() {
        let shared: Set = ["Bytes", "Time", "JSON", "Crypto"]
        for module in manifest.modules where module.layer == .standards {
            let allowed = module.name == "Crypto" ? shared.union(["COpenSSL"]) : shared
            #expect(Set(module.needs).subtracting(allowed).isEmpty, "\(module.name) needs another standard")
        }
    }

    @Test("Core needs no IO")
    func coreNeedsNoIO() {
        for module in manifest.modules where module.layer == .core {
            let io = module.needs.filter { manifest.layer(of: $0) == .io }
            #expect(io.isEmpty, "\(module.name) needs \(io)")
        }
    }

    @Test("a file imports only what Package.swift says its module needs; IO may also import Glibc")
    func importsAreDeclared() {
        for module in manifest.modules {
            let allowed = Set(module.needs).union(module.layer == .io ? ["Glibc"] : [])
            for file in module.files {
                let undeclared = imports(of: file).subtracting(allowed)
                #expect(undeclared.isEmpty, "\(file.path) imports \(undeclared.sorted())")
            }
        }
    }

    @Test("a module needs nothing that none of its files imports")
    func needsAreUsed() {
        for module in manifest.modules {
            let unused = Set(module.needs).subtracting(module.files.flatMap(imports))
            #expect(unused.isEmpty, "\(module.name) does not use \(unused.sorted())")
        }
    }

    @Test("the README of a layer names its modules, in the order of Package.swift", arguments: Manifest.Layer.allCases)
    func readmesNameModules(layer: Manifest.Layer) throws {
        let readme = try #require(SourceTree.file("Sources/\(layer.rawValue)/README.md"))
        let named = try Pattern(#"(?m)^\| ([A-Z]\w+) \|"#).groups(in: readme.text).map { $0[1] }
        // The program is called otherwise than its folder, and comes last.
        let program = layer == .io ? ["Main"] : []
        #expect(named == manifest.modules.filter { $0.layer == layer }.map(\.name) + program)
    }

    private func imports(of file: SourceFile) -> Set<String> {
        Set(file.lines.flatMap { importing.groups(in: $0).map { $0[1] } })
    }
}
