import Testing

@testable import Store

@Suite("What is said of a file that will not do") struct DatabaseErrorTests {
    @Test("the file, what is wrong, and what to do, in one line")
    func oneLine() {
        let error = DatabaseError(.newer, path: "a.sqlite", what: "was made by a newer one", hint: "use that")
        #expect("\(error)" == "a.sqlite: was made by a newer one; use that")
        #expect("\(DatabaseError(.missing, path: "b", what: "does not exist"))" == "b: does not exist")
    }

    @Test("mistakes have a line each")
    func mistakes() {
        let error = DatabaseError(
            path: "a.sqlite",
            mistakes: [
                .init(table: "rules", row: 3, column: "when_call", what: "is not a text"),
                .init(table: "frames", row: nil, column: "rule", what: "7 is no row of replies"),
            ])
        #expect(error.kind == .mistaken)
        #expect(error.what == "2 mistakes")
        #expect(
            "\(error)" == """
                a.sqlite: table rules, row 3, column when_call: is not a text
                a.sqlite: table frames, column rule: 7 is no row of replies
                """)
    }
}
