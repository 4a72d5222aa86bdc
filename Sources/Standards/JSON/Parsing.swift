extension Value: ParsedTree {
    /// Reads one JSON text; whatever is not exactly that is refused with its place.
    package static func parse(
        _ bytes: Span<UInt8>, _ options: Options = .strict
    ) throws(SyntaxError) -> Value {
        var parser = TreeParser<Value>(options)
        return try parser.document(bytes)
    }

    package static func parse(_ bytes: [UInt8], _ options: Options = .strict) throws(SyntaxError) -> Value {
        try parse(bytes.span, options)
    }

    package static func parse(_ text: String, _ options: Options = .strict) throws(SyntaxError) -> Value {
        try parse(text.utf8.span, options)
    }

    static func null(at offset: Int) -> Value { .null }
    static func bool(_ bool: Bool, at offset: Int) -> Value { .bool(bool) }
    static func number(_ literal: String, at offset: Int) -> Value { .number(literal) }
    static func string(_ text: String, at offset: Int) -> Value { .string(text) }
    static func array(_ elements: [Value], at offset: Int) -> Value { .array(elements) }
    static func object(_ members: [Member], at offset: Int) -> Value { .object(members) }
    static func member(_ name: String, at offset: Int, _ value: Value) -> Member { Member(name, value) }
    static func name(of member: Member) -> String { member.name }
}

/// What a text may hold beyond RFC 8259, and what it may not hold although RFC 8259 lets it.
package struct Options: Equatable, Sendable {
    package enum DuplicateMembers: Sendable {
        case keep
        /// RFC 7515 section 4: "the Header Parameter names within the JOSE Header MUST be unique".
        case refuse
    }

    /// `// to the end of the line` and `/* between */`.
    package var comments: Bool
    /// One comma after the last element or member.
    package var trailingCommas: Bool
    package var duplicateMembers: DuplicateMembers
    /// RFC 8259 section 9: "An implementation may set limits on the maximum depth of nesting."
    package var maximumDepth: Int

    package init(
        comments: Bool = false, trailingCommas: Bool = false, duplicateMembers: DuplicateMembers = .keep,
        maximumDepth: Int = 512
    ) {
        self.comments = comments
        self.trailingCommas = trailingCommas
        self.duplicateMembers = duplicateMembers
        self.maximumDepth = maximumDepth
    }

    /// RFC 8259 and nothing else.
    package static let strict = Options()
    /// For files that people write: comments and trailing commas, but no name twice.
    package static let handwritten = Options(comments: true, trailingCommas: true, duplicateMembers: .refuse)
}

/// Why a text is not JSON, in plain words, and where.
package struct SyntaxError: Error, Equatable, CustomStringConvertible {
    /// Bytes before the offender.
    package var offset: Int
    package var line: Int
    package var column: Int
    package var message: String

    init(at offset: Int, in bytes: Span<UInt8>, _ message: String) {
        let position = Position(of: offset, in: bytes)
        (self.offset, self.line, self.column) = (offset, position.line, position.column)
        self.message = message
    }

    package var description: String { "line \(line), column \(column): \(message)" }
}

/// A place in a text as people and editors count: from 1, the column in characters (Unicode scalar values).
package struct Position: Equatable, Sendable, CustomStringConvertible {
    package var line: Int
    package var column: Int

    package init(of offset: Int, in bytes: Span<UInt8>) {
        (line, column) = (1, 1)
        for index in 0..<min(max(offset, 0), bytes.count) {
            if bytes[index] == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if bytes[index] & 0xC0 != 0x80 {
                column += 1
            }
        }
    }

    package init(of offset: Int, in bytes: [UInt8]) { self.init(of: offset, in: bytes.span) }

    package var description: String { "line \(line), column \(column)" }
}
