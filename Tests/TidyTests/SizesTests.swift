import Testing

/// Ratchets: the longest file, the longest function or computed property, and the share of short files that there are
/// today. The figures only go down.
@Suite("Sizes") struct SizesTests {
    private static let longestFile = 300
    private static let longestFunction = 55
    /// A property that is one switch is a list, with a line for each case.
    private static let longestSwitch = 60
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

    /// Its groups: the indentation, and `var` for a property.
    private static let head =
        #"^( *)(?:@\w+(?:\(.*\))? )*(?:[a-z]+(?:\([a-z]+\))? )*"#
        + #"(?:func |init[?(<]|subscript[(<]|(var) `?\w+`?: [^={]*\{)"#

    @Test("no function and no computed property grows beyond the longest one")
    func functions() throws {
        let head = try Pattern(Self.head)
        var properties = 0
        for file in SourceTree.swift + SourceTree.tests {
            for (index, line) in file.lines.enumerated() {
                guard let match = head.groups(in: line).first else { continue }
                let (lines, isProperty) = (file.lines[index...], match[2] == "var")
                let length = length(of: lines, indentation: match[1].count)
                let isList = isProperty && isSwitch(lines.prefix(length), indentation: match[1].count)
                let longest = isList ? Self.longestSwitch : Self.longestFunction
                #expect(length <= longest, "\(file.path):\(index + 1) has \(length) lines")
                properties += isProperty ? 1 : 0
            }
        }
        #expect(properties > 500)
    }

    @Test("a function's length is measured from its head to its closing brace")
    func measuring() {
        #expect(length(of: ["func a() { 1 }", "func b() {}"], indentation: 0) == 1)
        #expect(
            length(of: ["    func a(", "        b: Int", "    ) {", "        c()", "    }", "}"], indentation: 4) == 5)
        #expect(length(of: ["    func required()", "    func other()"], indentation: 4) == 1)
    }

    @Test("a head is that of a function or of a computed property")
    func heads() throws {
        let head = try Pattern(Self.head)
        let lines = [
            "    mutating func a() {", "    private static var a: [B] {", "var `protocol`: C { d }",
            "@E(f) var g: (H) -> I {", "    var a: B = c {", "    var a: B", "    let a: B = {", "    if var a = b {",
        ]
        #expect(lines.map { head.groups(in: $0).first?[2] } == ["", "var", "var", "var", nil, nil, nil, nil])
    }

    @Test("a property is one switch if it holds nothing else")
    func switches() {
        let list = ["    switch self {", "    case .c: d", "    }"]
        let bodies = [list, ["    let e = f"] + list, list + ["    return g"], list + list]
        let told = bodies.map { isSwitch((["var a: B {"] + $0 + ["}"])[...], indentation: 0) }
        #expect(told == [true, false, false, false])
        #expect(isSwitch(["var a: B { c }"], indentation: 0) == false)
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

    private func isSwitch(_ body: ArraySlice<String>, indentation: Int) -> Bool {
        let inner = String(repeating: " ", count: indentation + 4)
        let closing = body.indices.filter { body[$0].hasPrefix(inner + "}") }
        return body.dropFirst().first?.hasPrefix(inner + "switch ") == true && closing == [body.endIndex - 2]
    }
}
