import Bytes

/// How much space a text takes for its readers.
package enum Style: Sendable {
    /// `{"a":[1,2]}`
    case compact
    /// `{"a": [1, 2]}`, as Python's `json.dumps` separates.
    case spaced
    /// Two spaces a level, a line each.
    case pretty
}

extension Value {
    /// Appends the value as JSON: members in order, numbers as they were written, non-ASCII as UTF-8.
    package func append(to bytes: inout [UInt8], _ style: Style = .compact) {
        append(to: &bytes, style, depth: 0)
    }

    package var compact: [UInt8] { bytes(.compact) }

    package func bytes(_ style: Style) -> [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes, style)
        return bytes
    }

    /// The value as JSON; `text` is what a string holds.
    package func json(_ style: Style = .compact) -> String { String(decoding: bytes(style), as: UTF8.self) }

    /// The kind as people name it, for messages: `a string`, `an object`.
    package var kind: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    private func append(to bytes: inout [UInt8], _ style: Style, depth: Int) {
        switch self {
        case .null: bytes.append("null")
        case .bool(let bool): bytes.append(bool ? "true" : "false" as StaticString)
        case .number(let literal): bytes.append(literal)
        case .string(let text): StringLiteral.append(text, to: &bytes)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                style.separate(index, depth + 1, &bytes)
                element.append(to: &bytes, style, depth: depth + 1)
            }
            style.close(isEmpty: elements.isEmpty, depth, &bytes)
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                style.separate(index, depth + 1, &bytes)
                StringLiteral.append(member.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                if style != .compact { bytes.append(UInt8(ascii: " ")) }
                member.value.append(to: &bytes, style, depth: depth + 1)
            }
            style.close(isEmpty: members.isEmpty, depth, &bytes)
            bytes.append(UInt8(ascii: "}"))
        }
    }
}

extension Style {
    fileprivate func separate(_ index: Int, _ depth: Int, _ bytes: inout [UInt8]) {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        switch self {
        case .compact: break
        case .spaced: if index > 0 { bytes.append(UInt8(ascii: " ")) }
        case .pretty: newLine(depth, &bytes)
        }
    }

    fileprivate func close(isEmpty: Bool, _ depth: Int, _ bytes: inout [UInt8]) {
        if self == .pretty, !isEmpty { newLine(depth, &bytes) }
    }

    private func newLine(_ depth: Int, _ bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
    }
}
