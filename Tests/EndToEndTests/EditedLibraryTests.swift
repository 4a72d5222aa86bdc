import CSQLite
import JSON
import Support
import Testing

@testable import UnderstudyCLI

@Suite("End to end: a library, edited with SQL") struct EditedLibraryTests {
    private let folder: TemporaryFolder
    private let library: String

    init() throws {
        folder = try TemporaryFolder()
        library = folder.path("library.sqlite")
        #expect(try Program.run("load", World.path(of: "telco"), "--into", library).code == 0)
    }

    private func edit(_ sql: String) {
        var database: OpaquePointer?
        #expect(sqlite3_open(library, &database) == SQLITE_OK)
        var message: UnsafeMutablePointer<CChar>?
        #expect(
            sqlite3_exec(database, sql, nil, nil, &message) == SQLITE_OK, "\(message.map { String(cString: $0) } ?? "")"
        )
        sqlite3_close(database)
    }

    @Test("what a person changed is what is served, exported and checked")
    func edited() throws {
        edit(
            """
            UPDATE frames SET data = '"Hallo"' WHERE rule = (SELECT id FROM rules WHERE name = 'mwc') AND position = 10;
            UPDATE frames SET after = '0s' WHERE rule = (SELECT id FROM rules WHERE name = 'mwc');
            """)
        #expect(try Program.run("check", library).code == 0)
        let serving = try ServingProgram(library)
        let answer = try serving.ask(
            "POST", "/runtimes/mwc_demo_agent-Bn2Hy7QsF5/invocations?accountId=111122223333", body: "{}")
        #expect(answer.status == 200 && answer.body.contains("data: \"Hallo\"\n\n"))
        #expect(serving.stop().code == 0)
        #expect(try Program.run("export", library).output.contains("\"Hallo\""))
    }

    @Test("what a person broke is told by table, row and column, and nothing is served")
    func broken() throws {
        edit(
            "UPDATE conditions SET matches = '(' WHERE id = (SELECT min(id) FROM conditions WHERE matches IS NOT NULL)")
        for words in [["check", library], ["serve", "--port", "0", library]] {
            let end = try Program(words).end()
            #expect(end.code == 2 && end.output.isEmpty)
            #expect(end.errors.contains("\(library): table ") && end.errors.contains(", row "), "\(end.errors)")
        }
    }
}
