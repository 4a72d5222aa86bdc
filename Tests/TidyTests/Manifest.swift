/// The modules as Package.swift lists them, in its order.
struct Manifest {
    enum Layer: String, CaseIterable { case standards = "Standards", core = "Core", io = "IO" }

    struct Module {
        let name: String
        let layer: Layer
        let needs: [String]

        var files: [SourceFile] { SourceTree.swift.filter { $0.path.hasPrefix("Sources/\(layer.rawValue)/\(name)/") } }
    }

    let modules: [Module]

    init() throws {
        let text = SourceTree.file("Package.swift")?.text ?? ""
        let entry = try Pattern(
            #"\.(standard|core|io|systemLibrary|target)\(\s*(?:name: )?"(\w+)",?(?:\s*path: "([^"]*)")?(?:\s*needs: \[([^\]]*)\])?"#
        )
        let word = try Pattern(#""(\w+)""#)
        modules = entry.groups(in: text).compactMap { match in
            guard let layer = Self.layer(kind: match[1], path: match[3]) else { return nil }
            return Module(name: match[2], layer: layer, needs: word.groups(in: match[4]).map { $0[1] })
        }
    }

    private static func layer(kind: String, path: String) -> Layer? {
        switch kind {
        case "standard": .standards
        case "core": .core
        case "io": .io
        default:
            path.hasPrefix("Sources/Standards/") ? .standards : path.hasPrefix("Sources/IO/") ? .io : nil
        }
    }

    func position(of name: String) -> Int? { modules.firstIndex { $0.name == name } }
    func layer(of name: String) -> Layer? { modules.first { $0.name == name }?.layer }
}
