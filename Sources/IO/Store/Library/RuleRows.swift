import Fields
import JSON
import Rules

extension Database {
    func readRules(_ mistakes: RowMistakes) throws(DatabaseError) -> [Rule] {
        var replies = try readReplies(mistakes)
        var conditions = try readConditions(mistakes)
        let rules: [Rule] = try rows(
            of: "rules",
            """
            name, agent, qualifier, operation, when_session, when_user, when_call, when_state, then_state, written_empty
            """, mistakes, capacity: try count(of: "rules")
        ) { row, rules in
            let condition = row.condition(conditions.take(row.id))
            guard let reply = replies.take(row.id) else {
                return row.note(0, "has no reply: add a row to replies with this number as rule")
            }
            // A reply that could not be understood is a mistake by itself.
            guard let reply else { return }
            rules.append(
                Rule(
                    name: row.text(3), agent: row.text(4), qualifier: row.text(5), operation: row.text(6),
                    when: condition, then: row.text(11), reply: reply))
        }
        mistakes.noteOrphans(conditions.left, table: "conditions", column: "rule", of: "rules")
        mistakes.noteOrphans(replies.left, table: "replies", column: "rule", of: "rules")
        return rules
    }

    private func readConditions(_ mistakes: RowMistakes) throws(DatabaseError) -> ByOwner<Condition> {
        let tests = try rows(
            of: "conditions", owner: "rule", "subject, name, \(Self.operatorNames)", mistakes,
            capacity: try count(of: "conditions")
        ) { (row, tests: inout [Test]) in
            guard let rule = row.integer(1), let subject = row.needed(3, row.choice(3, Test.Subject.self)),
                let name = row.needed(4, row.text(4))
            else { return }
            let comparison = Comparison(stored: row.values(Self.operatorColumns, from: 5))
            tests.append(Test(rule: Int64(rule), subject: subject, name: name, comparison: comparison))
        }
        var conditions = ByOwner<Condition>(capacity: tests.count)
        for test in tests {
            if conditions.latest != test.rule { conditions.append(test.rule, Condition()) }
            conditions.changeLast { test.add(to: &$0) }
        }
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
    fileprivate func condition(_ tests: consuming Condition?) -> Condition? {
        let (session, user, call, state) = (text(7), text(8), text(9), text(10))
        let saysNothing = session == nil && user == nil && call == nil && state == nil
        guard var condition = tests else {
            guard !saysNothing || writtenEmpty(12, ["when"]).contains("when") else { return nil }
            return Condition(session: session, user: user, call: call, state: state)
        }
        if saysNothing { return condition }
        (condition.session, condition.user, condition.call, condition.state) = (session, user, call, state)
        return condition
    }
}
