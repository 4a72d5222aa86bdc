import Testing

@testable import UnderstudyCLI

@Suite("Columns") struct ColumnsTests {
    @Test("every column is as wide as its widest cell, and no line ends with a space")
    func widths() {
        #expect(
            Columns.lines([["NAME", "N", "WHAT"], ["ü", "100", ""], ["longer", "1", "x"]]) == """
                NAME    N    WHAT
                ü       100
                longer  1    x
                """)
        #expect(Columns.lines([]) == "")
    }
}
