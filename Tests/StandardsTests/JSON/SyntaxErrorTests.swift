import JSON
import Testing

@Suite("JSON syntax errors") struct SyntaxErrorTests {
    @Test("a mistake is told with its line and column, counted from 1 in characters")
    func place() {
        let refused = #expect(throws: SyntaxError.self) { try Value.parse("{\n  \"é😀\": tru\n}") }
        #expect(refused?.line == 2)
        #expect(refused?.column == 9)
        #expect(refused?.description == "line 2, column 9: expected a value, found tru")
    }

    @Test(
        "positions count LF as the end of a line and every character as one column",
        arguments: [
            (0, 1, 1), (1, 1, 2), (3, 1, 3), (4, 1, 4), (5, 2, 1), (9, 2, 2), (10, 3, 1), (99, 3, 1), (-5, 1, 1),
        ])
    func positions(offset: Int, line: Int, column: Int) {
        let position = Position(of: offset, in: Array("aé\r\n😀\n".utf8))
        #expect(position.line == line)
        #expect(position.column == column)
        #expect(position.description == "line \(line), column \(column)")
    }
}
