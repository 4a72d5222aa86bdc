import Library
import Testing

@testable import Store

@Suite("Files in a library") struct FileRowsTests {
    @Test("bytes of every value, none, and a megabyte; text counts as its bytes")
    func contents() throws {
        var scenario = Scenario()
        scenario.files = ["all": Array(0...255), "none": [], "large": [UInt8](repeating: 7, count: 1 << 20)]
        let library = try EditedLibrary(of: scenario, "")
        #expect(try library.read() == scenario)
        try library.edit(
            unchecked: true, "DELETE FROM files; INSERT INTO files (path, content) VALUES ('a', CAST('hi' AS BLOB))")
        #expect(try library.read().files == ["a": Array("hi".utf8)])
    }

    @Test("one path, one file")
    func unique() throws {
        let library = try EditedLibrary("INSERT INTO files (path, content) VALUES ('a', x'00')")
        let error = #expect(throws: DatabaseError.self) {
            try library.edit("INSERT INTO files (path, content) VALUES ('a', x'01')")
        }
        #expect(error?.what == "does not take this: UNIQUE constraint failed: files.path")
    }
}
