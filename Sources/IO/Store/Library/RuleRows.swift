import Fields
import JSON
import Rules

extension Database {
    func readRules(_ mistakes: RowMistakes) throws(DatabaseError) -> [Rule] {
        var replies = try readReplies(mistakes)
        var conditions = try readConditions(mistakes)
        let rules = try rows(
            of: "rules",
            """
            name, agent, qualifier, operation, when_session, when_user, when_call, when_state, then_state, written_empty
            """, mistakes
        ) { row -> Rule? in
            let condition = row.condition(conditions.take(row.id))
            guard let reply = replies.take(row.id) else {
                return row.wrong(0, "has no reply: add a row to replies with this number as rule")
            }
            // A reply that could not be understood is a mistake by itself.
            guard var rule = reply.map({ Rule(reply: $0) }) else { return nil }
            rule.name = row.text(3)
            rule.agent = row.text(4)
            rule.qualifier = row.text(5)
            rule.operation = row.text(6)
            rule.when = condition
            rule.then = row.text(11)
            return rule
        }
        mistakes.noteOrphans(conditions.owners, table: "conditions", column: "rule", of: "rules")
        mistakes.noteOrphans(replies.owners, table: "replies", column: "rule", of: "rules")
        return rules
    }

    private func readConditions(_ mistakes: RowMistakes) throws(DatabaseError) -> ByOwner<Condition> {
        let tests = try rows(
            of: "conditions", owner: "rule", "subject, name, \(Self.operatorNames)", mistakes
        ) { row -> Test? in
            guard let rule = row.integer(1), let subject = row.needed(3, row.choice(3, Test.Subject.self)),
                let name = row.needed(4, row.text(4))
            else { return nil }
            let comparison = Comparison(stored: row.values(Self.operatorColumns, from: 5))
            return Test(rule: Int64(rule), subject: subject, name: name, comparison: comparison)
        }
        var conditions = ByOwner<Condition>()
        for test in tests { conditions.change(test.rule, from: Condition()) { test.add(to: &$0) } }
        return conditions
    }

    func writeRules(_ rules: [Rule]) throws(DatabaseError) {
        let insert = try statement(
            """
            INSERT INTO rules (position, name, agent, qualifier, operation, when_session, when_user, when_call,
              when_state, then_state, written_empty)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        for (index, rule) in rules.enumerated() {
            let when = rule.when
            try insert.run(
                RowPosition.written(index), Datum(rule.name), Datum(rule.agent), Datum(rule.qualifier),
                Datum(rule.operation),
                Datum(when?.session), Datum(when?.user), Datum(when?.call), Datum(when?.state), Datum(rule.then),
                Datum(writtenEmpty: when == Condition() ? ["when"] : []))
            let row = lastInsertedRow
            if let when { try writeConditions(when, ofRule: row) }
            try writeReply(rule.reply, ofRule: row)
        }
    }

    private static let operatorColumns = Operators.all.map { $0.column }
    private static let operatorNames = operatorColumns.map(\.name).joined(separator: ", ")

    private func writeConditions(_ condition: Condition, ofRule rule: Int64) throws(DatabaseError) {
        let insert = try statement(
            """
            INSERT INTO conditions (rule, position, subject, name, \(Self.operatorNames))
            VALUES (?, ?, ?, ?\(Self.places(for: Self.operatorColumns)))
            """)
        let tests =
            condition.payload.map { Test(rule: rule, subject: .payload, name: $0.path, comparison: $0.comparison) }
            + condition.header.map { Test(rule: rule, subject: .header, name: $0.name, comparison: $0.comparison) }
        for (index, test) in tests.enumerated() {
            try insert.run(
                [.integer(rule), RowPosition.written(index), .text(test.subject.rawValue), .text(test.name)]
                    + test.comparison.stored.map { Datum($0) })
        }
    }
}

/// A row of `conditions`.
private struct Test {
    enum Subject: String, CaseIterable {
        case payload
        case header
    }

    var rule: Int64
    var subject: Subject
    var name: String
    var comparison: Comparison

    func add(to condition: inout Condition) {
        switch subject {
        case .payload: condition.payload.append(PayloadTest(path: name, comparison: comparison))
        case .header: condition.header.append(HeaderTest(name: name, comparison: comparison))
        }
    }
}

extension Row {
    /// A rule's `when`: its tests, which lie in a table of their own, and the columns of the rule.
    fileprivate func condition(_ tests: Condition?) -> Condition? {
        var condition = tests ?? Condition()
        condition.session = text(7)
        condition.user = text(8)
        condition.call = text(9)
        condition.state = text(10)
        return condition != Condition() || writtenEmpty(12, ["when"]).contains("when") ? condition : nil
    }
}
