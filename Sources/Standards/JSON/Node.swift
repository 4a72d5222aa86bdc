/// A value that knows where it stood, for checkers that name the line and column of a mistake in a valid text.
package struct Node: Equatable, Sendable {
    package enum Content: Equatable, Sendable {
        case null
        case bool(Bool)
        case number(String)
        case string(String)
        case array([Node])
        case object([Member])
    }

    package struct Member: Equatable, Sendable {
        package var name: String
        /// The place of the name's opening quotation mark.
        package var nameOffset: Int
        package var node: Node
    }

    /// The place of the value's first byte; `Position(of:in:)` makes a line and a column of it.
    package var offset: Int
    package var content: Content

    package static func parse(_ bytes: [UInt8], _ options: Options = .strict) throws(SyntaxError) -> Node {
        var parser = TreeParser<Node>(options)
        return try parser.document(bytes.span)
    }

    package var value: Value {
        switch content {
        case .null: .null
        case .bool(let bool): .bool(bool)
        case .number(let literal): .number(literal)
        case .string(let text): .string(text)
        case .array(let elements): .array(Self.values(of: elements))
        case .object(let members): .object(Self.values(of: members))
        }
    }

    // Loops, because `map` takes three times the stack at each of 512 levels.
    private static func values(of elements: [Node]) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(elements.count)
        for element in elements { values.append(element.value) }
        return values
    }

    private static func values(of members: [Member]) -> [Value.Member] {
        var values: [Value.Member] = []
        values.reserveCapacity(members.count)
        for member in members { values.append(Value.Member(member.name, member.node.value)) }
        return values
    }

    /// The first member of this name.
    package subscript(name: String) -> Node? {
        members?.first { Value.isSame($0.name, name) }?.node
    }

    package var array: [Node]? {
        if case .array(let elements) = content { elements } else { nil }
    }

    package var members: [Member]? {
        if case .object(let members) = content { members } else { nil }
    }

    package var text: String? {
        if case .string(let text) = content { text } else { nil }
    }

    package var bool: Bool? {
        if case .bool(let bool) = content { bool } else { nil }
    }

    package var integer: Int? {
        if case .number(let literal) = content { Int(literal) } else { nil }
    }

    package var double: Double? {
        if case .number(let literal) = content { Value.number(literal).double } else { nil }
    }

    package var isNull: Bool { content == .null }

    /// The kind as people name it, for messages: `a string`, `an object`.
    package var kind: String { value.kind }
}

extension Node: ParsedTree {
    static func null(at offset: Int) -> Node { Node(offset: offset, content: .null) }
    static func bool(_ bool: Bool, at offset: Int) -> Node { Node(offset: offset, content: .bool(bool)) }
    static func number(_ literal: String, at offset: Int) -> Node { Node(offset: offset, content: .number(literal)) }
    static func string(_ text: String, at offset: Int) -> Node { Node(offset: offset, content: .string(text)) }
    static func array(_ elements: [Node], at offset: Int) -> Node { Node(offset: offset, content: .array(elements)) }
    static func object(_ members: [Member], at offset: Int) -> Node { Node(offset: offset, content: .object(members)) }
    static func member(_ name: String, at offset: Int, _ node: Node) -> Member {
        Member(name: name, nameOffset: offset, node: node)
    }
    static func name(of member: Member) -> String { member.name }
}

extension Node {
    /// A value that stands in no text: its places are 0. Loops, as `map` takes three times the stack.
    package init(_ value: Value) {
        let content: Content
        switch value {
        case .null: content = .null
        case .bool(let bool): content = .bool(bool)
        case .number(let literal): content = .number(literal)
        case .string(let text): content = .string(text)
        case .array(let elements):
            var nodes: [Node] = []
            for element in elements { nodes.append(Node(element)) }
            content = .array(nodes)
        case .object(let members):
            var nodes: [Member] = []
            for member in members { nodes.append(Member(name: member.name, nameOffset: 0, node: Node(member.value))) }
            content = .object(nodes)
        }
        self.init(offset: 0, content: content)
    }
}
