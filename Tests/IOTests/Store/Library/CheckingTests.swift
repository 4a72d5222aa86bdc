import Emulator
import Testing

@testable import Store

@Suite("A library checked as a scenario file is") struct CheckingTests {
    @Test("every mistake has its row, whatever the order of the rows")
    func places() throws {
        let library = try EditedLibrary(
            """
            INSERT INTO rules (id, position, name, when_call) VALUES (40, 20, 'late', 'sometimes'), (50, 10, 'early', '1');
            INSERT INTO conditions (rule, subject, name, matches) VALUES (50, 'payload', '$.prompt', '(');
            INSERT INTO replies (rule, kind) VALUES (40, 'echo'), (50, 'echo');
            INSERT INTO credentials (id, access_key_id, secret_access_key) VALUES (6, 'A', 'x'), (7, 'A', 'y');
            """)
        #expect(try library.read().rules.count == 2)
        let mistakes = EditedLibrary.mistakes { try LibraryFile.check(library.path, .complete()) }
        let places = mistakes.map { $0.prefix { $0 != ":" } }
        #expect(
            places == [
                "table credentials, row 7, column accessKeyId", "table rules, row 50, column when.payload[0].matches",
                "table rules, row 40, column when.call",
            ])
    }

    @Test("a library that says what a file may say has none")
    func good() throws {
        let library = try EditedLibrary("INSERT INTO users (username) VALUES ('anna')")
        #expect(try LibraryFile.check(library.path, .complete()) == library.read())
    }

    @Test("what cannot even be read is told as reading tells it")
    func unreadable() throws {
        let library = try EditedLibrary("INSERT INTO rules (name) VALUES ('a')")
        let mistakes = EditedLibrary.mistakes { try LibraryFile.check(library.path, .complete()) }
        #expect(mistakes == library.mistakes)
        #expect(mistakes.count == 1)
    }
}
