import JSON
import Library
import Rules
import Testing

@testable import Store

@Suite("Rules in a library") struct RuleRowsTests {
    @Test("a rule that a person writes with SQL, between two others")
    func written() throws {
        var scenario = Scenario()
        scenario.rules = ["first", "last"].map { name in
            var rule = Rule(reply: Reply(.echo))
            rule.name = name
            return rule
        }
        let library = try EditedLibrary(
            of: scenario,
            """
            INSERT INTO rules (position, name, agent, when_call, then_state) VALUES (15, 'sushi', 'search-*', '2-4', 'fed');
            INSERT INTO replies (rule, kind, text) VALUES (last_insert_rowid(), 'text', 'Here');
            INSERT INTO conditions (rule, subject, name, contains) SELECT id, 'payload', '$.prompt', 'sushi' FROM rules WHERE name = 'sushi';
            INSERT INTO conditions (rule, subject, name, equals, must_exist) SELECT id, 'header', 'X-A', '"b"', 1 FROM rules WHERE name = 'sushi';
            """)
        let rules = try library.read().rules
        #expect(rules.map(\.name) == ["first", "sushi", "last"])
        var condition = Condition()
        condition.call = "2-4"
        condition.payload = [PayloadTest(path: "$.prompt", comparison: Comparison(Contains("sushi")))]
        condition.header = [HeaderTest(name: "X-A", comparison: Comparison(Equals("b"), Exists(true)))]
        var rule = Rule(reply: Reply(.text("Here")))
        (rule.name, rule.agent, rule.when, rule.then) = ("sushi", "search-*", condition, "fed")
        #expect(rules[1] == rule)
    }

    @Test("a condition that asks for nothing is not the same as none")
    func emptyCondition() throws {
        var scenario = Scenario()
        scenario.rules = [Rule(reply: Reply(.echo)), Rule(reply: Reply(.echo))]
        scenario.rules[0].when = Condition()
        #expect(try EditedLibrary(of: scenario, "").read().rules.map(\.when) == [Condition(), nil])
    }

    @Test("what equals null is not what is not asked")
    func null() throws {
        var scenario = Scenario()
        scenario.rules = [Rule(reply: Reply(.echo))]
        scenario.rules[0].when = Condition()
        scenario.rules[0].when?.payload = [PayloadTest(path: "$.a", comparison: Comparison(Equals(.null)))]
        #expect(try EditedLibrary(of: scenario, "").read() == scenario)
    }

    @Test("a rule without a reply, and tests without a rule, are mistakes and not lost")
    func nonsense() throws {
        let library = try EditedLibrary(
            unchecked: true,
            """
            INSERT INTO rules (id, name) VALUES (5, 'silent');
            INSERT INTO conditions (rule, subject, name, must_exist) VALUES (6, 'payload', '$', 5), (6, 'weather', 'x', 1);
            """)
        #expect(
            library.mistakes == [
                "table conditions, row 1, column must_exist: is 5: write 1 for true, 0 for false",
                "table conditions, row 2, column subject: \"weather\" is not one of payload, header",
                "table rules, row 5, column id: has no reply: add a row to replies with this number as rule",
                "table conditions, column rule: 6 is no row of rules",
            ])
    }
}
