import Support
import Testing

@testable import Store

@Suite("A database file, looked at without SQLite") struct DatabaseFileTests {
    @Test("what its header says, in every page size")
    func headers() throws {
        for pageSize in [512, 4_096, 65_536] {
            let folder = try TemporaryFolder()
            let database = try Database(path: folder.path("x"), access: .writing)
            try database.run(
                "PRAGMA page_size = \(pageSize); CREATE TABLE t (a); PRAGMA user_version = 7; PRAGMA application_id = 258"
            )
            database.close()
            let file = try DatabaseFile(path: folder.path("x"))
            guard case .database(let header) = file.content else {
                Issue.record("not seen as a database")
                continue
            }
            #expect(header.pageSize == pageSize)
            #expect(header.pageCount == 2)
            #expect(header.userVersion == 7)
            #expect(header.applicationID == 258)
            #expect(!header.isWriteAhead)
            #expect(header.countsPages)
            #expect(file.size == 2 * pageSize)
        }
    }

    @Test("whether a log lies beside it, and whether there is something in it")
    func logs() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("x")
        #expect(try DatabaseFile(path: path).content == .missing)
        let database = try Database(path: path, access: .writing)
        #expect(try DatabaseFile(path: path).content == .empty)
        try database.run("PRAGMA journal_mode = WAL")
        #expect(!DatabaseFile.hasLog(path))
        try database.run("CREATE TABLE t (a)")
        #expect(DatabaseFile.hasLog(path))
        database.close()
        #expect(!DatabaseFile.hasLog(path))
        guard case .database(let header) = try DatabaseFile(path: path).content else {
            Issue.record("not seen as a database")
            return
        }
        #expect(header.isWriteAhead)
    }

    @Test("two looks tell whether something changed in between")
    func changes() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("x", Array("SQLite format 3\0".utf8) + [UInt8](repeating: 0, count: 100))
        let first = try DatabaseFile(path: path)
        #expect(try DatabaseFile(path: path) == first)
        _ = try folder.write("x", Array("SQLite format 3\0".utf8) + [UInt8](repeating: 0, count: 101))
        #expect(try DatabaseFile(path: path) != first)
    }
}
