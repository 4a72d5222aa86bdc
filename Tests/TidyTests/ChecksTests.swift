import Testing

// Rules.  A test that leaves before it has checked anything passes whatever happened. So a test, and whatever of its own
//         checks something, may leave by a bare `return` only below its first check. What checks nothing may leave: a step
//         of a recursion, a closure that waits for its moment; whoever calls it checks what came of it.
//         A loop that waits counts how often, or looks at a clock: `while` around a wait hangs where it ought to fail.
// Theory. The formatter holds indentation, so the scope of a line is found by it: the next line above that stands further
//         left and is no `if`, `for` or `guard`.

/// No test passes unchecked, and none waits without a bound.
@Suite("Checks") struct ChecksTests {
    @Test("no test leaves before it has checked something")
    func leaving() throws {
        let found = try SourceTree.tests.flatMap { try uncheckedReturns(in: $0) }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    }

    @Test("no loop waits without a bound")
    func waiting() throws {
        // An empty loop is a wait, save around what gives up by itself after a time.
        let unbounded = try Pattern(
            #"^ *while (?!.*(?:receive|next\(|Clock)).*\{ *\}$|^ *while .*(?:\.wait\(|sleep\()"#)
        let found = SourceTree.tests.flatMap { $0.mentions(of: unbounded) }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    }

    @Test("a guard before the first check is found, one behind it or in a closure that checks nothing is not")
    func finding() throws {
        let lines = [
            "    @Test(\"a\")", "    func a() {", "        guard let b = c() else { return }", "        #expect(b)",
            "    }",
            "", "    @Test(\"d\")", "    func d() {", "        #expect(e)", "        for f in g {",
            "            guard f else { return }", "        }", "        told {", "            guard h else { return }",
            "        }", "    }", "", "    private func i() {", "        if j {", "            return", "        }",
            "        Issue.record(\"k\")", "    }",
        ]
        let found = try uncheckedReturns(in: SourceFile(path: "X.swift", lines: lines))
        #expect(found == ["X.swift:3: guard let b = c() else { return }", "X.swift:20: return"])
    }

    private func uncheckedReturns(in file: SourceFile) throws -> [String] {
        let (leaves, checks) = (
            try Pattern(#"(?:^|[{:] ?) *return(?: \})*$"#), try Pattern(#"#expect|#require|Issue\.record"#)
        )
        return try file.lines.indices.filter { leaves.isIn(file.lines[$0]) }.compactMap { place in
            guard let scope = try scope(of: place, in: file.lines) else { return nil }
            let hasChecked = file.lines[scope.lowerBound...place].contains(where: checks.isIn)
            let checksLater = file.lines[scope].contains(where: checks.isIn)
            let isSilent = !hasChecked && (checksLater || isTest(scope.lowerBound, in: file.lines))
            return isSilent ? "\(file.path):\(place + 1): \(file.lines[place].trimmed)" : nil
        }
    }

    /// The function or closure that a bare `return` at this place leaves.
    private func scope(of place: Int, in lines: [String]) throws -> Range<Int>? {
        let inner = try Pattern(
            #"^ *(?:\} )?(?:for|if|while|switch|else|do|guard|case|default|repeat|catch|defer|\w+: while)\b"#)
        var margin = lines[place].margin
        for index in lines[..<place].indices.reversed() where !lines[index].isEmpty && lines[index].margin < margin {
            let closesHead = lines[index].trimmed.hasPrefix(")")
            margin = lines[index].margin + (closesHead ? 1 : 0)
            if closesHead || inner.isIn(lines[index]) { continue }
            let end = lines[place...].firstIndex { $0.margin <= margin && $0.trimmed.hasPrefix("}") }
            return index..<(end ?? lines.count)
        }
        return nil
    }

    /// Whether what stands above a function's head says so.
    private func isTest(_ head: Int, in lines: [String]) -> Bool {
        lines[head].contains("func ")
            && lines[..<head].reversed().prefix { !$0.isEmpty }.contains { $0.contains("@Test") }
    }
}

extension String {
    fileprivate var margin: Int { prefix { $0 == " " }.count }
    fileprivate var trimmed: String { String(drop { $0 == " " }) }
}
