import Library
import Support

@testable import Store

/// A library that a person has edited with SQL, in whatever way.
struct EditedLibrary {
    let folder: TemporaryFolder
    var path: String { folder.path("x.sqlite") }

    /// With `unchecked`, constraints and foreign keys are off, as a person may have turned them off.
    init(of scenario: Scenario = Scenario(), unchecked: Bool = false, _ sql: String) throws {
        folder = try TemporaryFolder()
        try LibraryFile.replace(folder.path("x.sqlite"), with: scenario)
        try edit(unchecked: unchecked, sql)
    }

    func edit(unchecked: Bool = false, _ sql: String) throws {
        let database = try Database(path: path, access: .writing)
        defer { database.close() }
        try database.run("PRAGMA foreign_keys = \(!unchecked); PRAGMA ignore_check_constraints = \(unchecked)")
        try database.run(sql)
    }

    func read() throws -> Scenario { try LibraryFile.read(path) }

    /// What reading finds wrong, a line a mistake.
    var mistakes: [String] { Self.mistakes { try LibraryFile.read(path) } }

    static func mistakes(_ read: () throws -> Scenario) -> [String] {
        do {
            _ = try read()
            return []
        } catch {
            return (error as? DatabaseError)?.mistakes.map(\.description) ?? ["\(error)"]
        }
    }
}
