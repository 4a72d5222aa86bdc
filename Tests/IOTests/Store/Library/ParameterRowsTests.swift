import Library
import Testing

@testable import Store

@Suite("Parameters in a library") struct ParameterRowsTests {
    @Test("parameters that a person writes with SQL")
    func written() throws {
        let library = try EditedLibrary(
            """
            INSERT INTO parameters (name, value) VALUES ('/a/b', 'one');
            INSERT INTO parameters (position, name, type, value) VALUES (1, '/c', 'SecureString', 'hush');
            """)
        #expect(
            try library.read().parameters == [
                Parameter(name: "/c", kind: .secure, value: "hush"), Parameter(name: "/a/b", value: "one"),
            ])
    }

    @Test("a type that there is none of is named by its row")
    func nonsense() throws {
        let library = try EditedLibrary(
            unchecked: true, "INSERT INTO parameters (name, type, value) VALUES ('/a', 'Secret', 'hush');")
        #expect(
            library.mistakes.first?.hasPrefix("table parameters, row 1, column type: \"Secret\" is not one of") == true)
        #expect(!library.mistakes.joined().contains("hush"))
    }
}
