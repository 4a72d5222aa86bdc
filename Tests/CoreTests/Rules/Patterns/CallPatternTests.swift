import Testing

@testable import Rules

@Suite("Call patterns") struct CallPatternTests {
    @Test(
        "a pattern says which calls, counted from 1",
        arguments: [
            ("1", [1]), ("2-4", [2, 3, 4]), ("10+", [10, 11, 12]), ("every 3", [3, 6, 9, 12]), ("1,3", [1, 3]),
            (" 2 - 3 , every 5 ", [2, 3, 5, 10]), ("1-1,12+", [1, 12]),
        ])
    func calls(text: String, expected: [Int]) throws {
        let pattern = try #require(CallPattern(text))
        #expect((0...12).filter(pattern.contains) == expected)
    }

    @Test(
        "anything else is no pattern",
        arguments: [
            "", " ", "0", "-1", "1-", "4-2", "0+", "+", "every", "every 0", "every -1", "every", "1,", ",1", "1;2",
            "one",
            "1.5", "1e3", "99999999999999999999", "1-99999999999999999999", "every  ", "１",
        ])
    func refused(text: String) {
        #expect(CallPattern(text) == nil)
        #expect(CallPattern.problem(text) != nil)
    }

    @Test("a range that ends before it begins is told from what is not understood")
    func problem() {
        #expect(CallPattern.problem("1-2, 5+") == nil)
        #expect(CallPattern.problem("1, 4-2") == #""1, 4-2" ends before it begins: it can never hold"#)
        for text in ["4-", "-2", "4-2-1", "x-2", ""] {
            #expect(CallPattern.problem(text)?.hasSuffix("does not say which calls") == true, "\(text)")
        }
    }

    @Test("the largest number is a number like any other")
    func largest() throws {
        #expect(try #require(CallPattern("999999999999999999+")).contains(Int.max))
        #expect(try !#require(CallPattern("every 2")).contains(Int.min))
    }
}
