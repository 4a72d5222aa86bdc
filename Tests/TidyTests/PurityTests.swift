import Testing

@Suite("Values in, values out") struct PurityTests {
    private static let pure = SourceTree.swift.filter { !$0.path.hasPrefix("Sources/IO/") }

    @Test(
        "Standards and Core read no clock, throw no unseeded dice and write to no terminal",
        arguments: [
            #"\b(ContinuousClock|SuspendingClock|DispatchTime|clock_gettime|gettimeofday)\b"#,
            #"\bSystemRandomNumberGenerator\b|\barc4random"#,
            #"\.random\((?!.*(?:\busing:|&))"#,
            #"\.(randomElement|shuffled|shuffle)\(\)"#,
            #"\.hashValue\b"#,
            #"(?<![.\w])(print|debugPrint|dump|fputs|puts)\("#,
            #"\b(fopen|getenv|FileManager|FileHandle|URLSession)\b"#,
        ])
    func pure(forbidden: String) throws {
        let pattern = try Pattern(forbidden)
        let found = Self.pure.flatMap { $0.mentions(of: pattern) }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    }

    @Test(
        "no source crashes on input or is left unfinished",
        arguments: [
            #"\btry!"#, #"\bas!"#, #"\bfatalError\("#, "\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b", #"\bunimplemented\b"#,
        ])
    func finished(forbidden: String) throws {
        let pattern = try Pattern(forbidden)
        let found = SourceTree.swift.flatMap { $0.mentions(of: pattern) }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    }

    @Test("no test waits by the clock")
    func noSleeps() throws {
        let pattern = try Pattern(#"\b(usleep|nanosleep|sleep)\s*\("#)
        let found = SourceTree.tests.flatMap { $0.mentions(of: pattern) }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    }
}
