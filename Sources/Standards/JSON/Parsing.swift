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
