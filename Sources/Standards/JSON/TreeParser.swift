import Bytes

/// What the parser builds: `Value` forgets the places, `Node` keeps them. The parser is compiled once for each.
protocol ParsedTree {
    associatedtype Member

    static func null(at offset: Int) -> Self
    static func bool(_ bool: Bool, at offset: Int) -> Self
    static func number(_ literal: String, at offset: Int) -> Self
    static func string(_ text: String, at offset: Int) -> Self
    static func array(_ elements: [Self], at offset: Int) -> Self
    static func object(_ members: [Member], at offset: Int) -> Self
    static func member(_ name: String, at offset: Int, _ value: Self) -> Member
    static func name(of member: Member) -> String
}

/// RFC 8259 without recursion: what is open stands on a stack of its own, so no text can exhaust the thread's. Finished
/// elements and members of all open containers lie on two common stacks; a container that closes takes its own off the
/// top into an array of exactly their number.
struct TreeParser<Tree: ParsedTree> {
    private struct Container {
        var isObject: Bool
        var offset: Int
        /// How much lay on the common stack when it opened.
        var base: Int
        /// The name of the member whose value is being read.
        var name = ""
        var nameOffset = 0
        var names: Set<String> = []
    }

    private var lexer: Lexer
    private var containers: [Container] = []
    private var elements: [Tree] = []
    private var members: [Tree.Member] = []

    init(_ options: Options) { lexer = Lexer(options) }

    mutating func document(_ bytes: Span<UInt8>) throws(SyntaxError) -> Tree {
        if lexer.take("\u{FEFF}", bytes) {
            throw SyntaxError(at: 0, in: bytes, "a byte order mark (EF BB BF) stands before the text: remove it")
        }
        while true {
            try lexer.skipSpace(bytes)
            guard var tree = try valueOrOpening(bytes) else { continue }
            while true {
                guard !containers.isEmpty else {
                    try expectEnd(bytes)
                    return tree
                }
                add(tree)
                guard let closed = try separatorOrClosing(bytes) else { break }
                tree = closed
            }
        }
    }

    /// A whole value, or nil when a container was opened and its first value comes next.
    @inline(__always) private mutating func valueOrOpening(_ bytes: Span<UInt8>) throws(SyntaxError) -> Tree? {
        let start = lexer.at
        guard start < bytes.count else { throw unexpectedValue(bytes) }
        switch bytes[start] {
        case UInt8(ascii: "\""): return .string(try lexer.string(bytes), at: start)
        case UInt8(ascii: "{"), UInt8(ascii: "["): return try open(bytes)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            return .number(try lexer.number(bytes), at: start)
        case UInt8(ascii: "t"): if lexer.take("true", bytes) { return .bool(true, at: start) }
        case UInt8(ascii: "f"): if lexer.take("false", bytes) { return .bool(false, at: start) }
        case UInt8(ascii: "n"): if lexer.take("null", bytes) { return .null(at: start) }
        default: break
        }
        throw unexpectedValue(bytes)
    }

    private mutating func open(_ bytes: Span<UInt8>) throws(SyntaxError) -> Tree? {
        let start = lexer.at
        let isObject = bytes[start] == UInt8(ascii: "{")
        guard containers.count < lexer.options.maximumDepth else {
            throw SyntaxError(at: start, in: bytes, "nested deeper than \(lexer.options.maximumDepth) levels")
        }
        containers.append(Container(isObject: isObject, offset: start, base: isObject ? members.count : elements.count))
        lexer.at += 1
        try lexer.skipSpace(bytes)
        if lexer.at < bytes.count, bytes[lexer.at] == bytes[start] + 2 { return close() }
        if isObject { try name(bytes) }
        return nil
    }

    /// A container that the byte closes, or nil when a comma, and in an object the next name, came.
    @inline(__always) private mutating func separatorOrClosing(_ bytes: Span<UInt8>) throws(SyntaxError) -> Tree? {
        let isObject = containers[containers.count - 1].isObject
        let closing = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
        try lexer.skipSpace(bytes)
        guard lexer.at < bytes.count else { throw unclosed(bytes) }
        if bytes[lexer.at] == closing { return close() }
        guard bytes[lexer.at] == UInt8(ascii: ",") else {
            throw SyntaxError(
                at: lexer.at, in: bytes,
                "expected a comma or \(isObject ? "}" : "]"), found \(found(bytes))")
        }
        let comma = lexer.at
        lexer.at += 1
        try lexer.skipSpace(bytes)
        if lexer.at < bytes.count, bytes[lexer.at] == closing {
            if lexer.options.trailingCommas { return close() }
            throw SyntaxError(at: comma, in: bytes, "a comma stands before \(isObject ? "}" : "]"): remove it")
        }
        if isObject { try name(bytes) }
        return nil
    }

    /// `"name" :` — the lexer stands at the value afterwards, or before its space.
    @inline(__always) private mutating func name(_ bytes: Span<UInt8>) throws(SyntaxError) {
        let start = lexer.at
        guard start < bytes.count else { throw unclosed(bytes) }
        guard bytes[start] == UInt8(ascii: "\"") else {
            throw SyntaxError(at: start, in: bytes, "expected a name in double quotes, found \(found(bytes))")
        }
        let name = try lexer.string(bytes)
        let top = containers.count - 1
        if lexer.options.duplicateMembers == .refuse, isKnown(name, in: top) {
            throw SyntaxError(at: start, in: bytes, "the name \"\(name)\" stands in this object twice")
        }
        containers[top].name = name
        containers[top].nameOffset = start
        try lexer.skipSpace(bytes)
        guard lexer.at < bytes.count else { throw unclosed(bytes) }
        guard bytes[lexer.at] == UInt8(ascii: ":") else {
            throw SyntaxError(at: lexer.at, in: bytes, "expected a colon after the name, found \(found(bytes))")
        }
        lexer.at += 1
    }

    /// Few names are compared one by one; of many, a set tells whether that is needed.
    private mutating func isKnown(_ name: String, in container: Int) -> Bool {
        let base = containers[container].base
        let few = 16
        if members.count - base == few { containers[container].names = Set(members[base...].map(Tree.name)) }
        if members.count - base >= few, containers[container].names.insert(name).inserted { return false }
        for index in base..<members.count where Value.isSame(Tree.name(of: members[index]), name) { return true }
        return false
    }

    @inline(__always) private mutating func add(_ tree: Tree) {
        let top = containers.count - 1
        if containers[top].isObject {
            members.append(Tree.member(containers[top].name, at: containers[top].nameOffset, tree))
        } else {
            elements.append(tree)
        }
    }

    @inline(__always) private mutating func close() -> Tree {
        lexer.at += 1
        let container = containers.removeLast()
        return container.isObject
            ? .object(Self.takeTop(of: &members, downTo: container.base), at: container.offset)
            : .array(Self.takeTop(of: &elements, downTo: container.base), at: container.offset)
    }

    /// Moves the top of a stack into an array of its own, without counting a reference up and down for each.
    @inline(__always) private static func takeTop<Item>(of stack: inout [Item], downTo base: Int) -> [Item] {
        let count = stack.count - base
        if count == 0 { return [] }
        return Array(unsafeUninitializedCapacity: count) { buffer, initialized in
            for index in (0..<count).reversed() { buffer.initializeElement(at: index, to: stack.removeLast()) }
            initialized = count
        }
    }

    private mutating func expectEnd(_ bytes: Span<UInt8>) throws(SyntaxError) {
        try lexer.skipSpace(bytes)
        if lexer.at < bytes.count {
            throw SyntaxError(at: lexer.at, in: bytes, "the text should end here, but \(found(bytes)) follows")
        }
    }

    private func unclosed(_ bytes: Span<UInt8>) -> SyntaxError {
        let open = containers[containers.count - 1]
        return SyntaxError(
            at: bytes.count, in: bytes,
            "the text ends before the \(open.isObject ? "object" : "array") of "
                + "\(Position(of: open.offset, in: bytes)) is closed")
    }

    private func unexpectedValue(_ bytes: Span<UInt8>) -> SyntaxError {
        guard lexer.at < bytes.count else {
            return containers.isEmpty
                ? SyntaxError(at: lexer.at, in: bytes, "there is no value: the text is empty") : unclosed(bytes)
        }
        return SyntaxError(at: lexer.at, in: bytes, "expected a value, found \(found(bytes))")
    }

    /// The offender as people would name it: a whole word, a character, or a byte.
    private func found(_ bytes: Span<UInt8>) -> String {
        let start = lexer.at
        var end = start
        while end < bytes.count, end - start < 24, ASCII.isLetter(bytes[end]) || ASCII.isDigit(bytes[end]) { end += 1 }
        if end > start { return String(lossy: (start..<end).map { bytes[$0] }) }
        switch bytes[start] {
        case UInt8(ascii: "'"): return "' (strings take double quotes)"
        case UInt8(ascii: "/"): return "/ (comments are not allowed here)"
        case 0x21...0x7E: return String(UnicodeScalar(bytes[start]))
        default: return "the byte 0x\(Hex.encode([bytes[start]]).uppercased())"
        }
    }
}
