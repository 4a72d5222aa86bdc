import Testing

/// Ratchets: the longest file, the longest function and the share of short files that there are today. The figures only go
/// down.
@Suite("Sizes") struct SizesTests {
    private static let longestFile = 300
    private static let longestFunction = 55
    /// What is one idea is one file: of those that hold little, there are no more than so many in a hundred.
    private static let short = 40
    private static let mostShortSources = 10
    private static let mostShortTests = 29

    @Test("no file grows beyond the longest one")
    func files() {
        let tooLong = (SourceTree.swift + SourceTree.tests)
            .filter { $0.lines.count - 1 > Self.longestFile }.map { "\($0.path): \($0.lines.count - 1) lines" }
        #expect(tooLong.isEmpty, "over \(Self.longestFile) lines: \(tooLong)")
    }

    @Test("files do not fall to pieces")
    func pieces() {
        for (files, most) in [(SourceTree.swift, Self.mostShortSources), (SourceTree.tests, Self.mostShortTests)] {
            let count = files.filter { $0.lines.count - 1 < Self.short }.count
            #expect(files.count > 100 && count * 100 <= files.count * most, "\(count) of \(files.count)")
        }
    }

    @Test("no function grows beyond the longest one")
    func functions() throws {
        let head = try Pattern(
            #"^( *)(?:@\w+(?:\(.*\))? )*(?:[a-z]+(?:\([a-z]+\))? )*(?:func |init[?(<]|subscript[(<])"#)
        for file in SourceTree.swift + SourceTree.tests {
            for (index, line) in file.lines.enumerated() {
                guard let match = head.groups(in: line).first else { continue }
                let length = length(of: file.lines[index...], indentation: match[1].count)
                #expect(length <= Self.longestFunction, "\(file.path):\(index + 1) has \(length) lines")
            }
        }
    }

    @Test("a function's length is measured from its head to its closing brace")
    func measuring() {
        #expect(length(of: ["func a() { 1 }", "func b() {}"], indentation: 0) == 1)
        #expect(
            length(of: ["    func a(", "        b: Int", "    ) {", "        c()", "    }", "}"], indentation: 4) == 5)
        #expect(length(of: ["    func required()", "    func other()"], indentation: 4) == 1)
    }

    /// The formatter holds indentation, so a body ends at the first line that closes at its head's own depth.
    private func length(of lines: ArraySlice<String>, indentation: Int) -> Int {
        guard let first = lines.first, !first.hasSuffix("}") else { return 1 }
        let margin = String(repeating: " ", count: indentation)
        for (offset, line) in lines.dropFirst().enumerated() {
            if line.hasPrefix(margin + "}") { return offset + 2 }
            let isContinued = line.isEmpty || line.hasPrefix(margin + "  ") || line.hasPrefix(margin + ")")
            if !isContinued { return offset + 1 }
        }
        return lines.count
    }
}
