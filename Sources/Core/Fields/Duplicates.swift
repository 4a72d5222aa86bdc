import Bytes
import JSON

/// Members of one object that have one name, anywhere in the file: JSON would let the last or the first win in silence.
package enum Duplicates {
    package static func note(in node: Node, path: FieldPath, _ mistakes: MistakeList) {
        switch node.content {
        case .array(let elements):
            for (index, element) in elements.enumerated() { note(in: element, path: path.appending(index), mistakes) }
        case .object(let members):
            note(among: members, path: path, mistakes)
            for member in members { note(in: member.node, path: path.appending(member.name), mistakes) }
        case .null, .bool, .number, .string: break
        }
    }

    private static func note(among members: [Node.Member], path: FieldPath, _ mistakes: MistakeList) {
        var names: Set<ByteKey> = []
        for (index, member) in members.enumerated() {
            let isTwin =
                members.count > 16
                ? !names.insert(ByteKey(Array(member.name.utf8))).inserted
                : members[..<index].contains { $0.name.utf8.elementsEqual(member.name.utf8) }
            guard isTwin else { continue }
            mistakes.add(
                "\"\(member.name)\" stands in this object twice", at: member.nameOffset,
                path: path.appending(member.name))
        }
    }
}

extension FieldReader {
    /// Notes entries of one list that have one name, by which nothing could tell them apart.
    package func refuseSameNames(
        in list: String, by key: String, and second: String? = nil, _ message: String
    ) {
        var names: Set<[String]> = []
        for (index, entry) in (node[list]?.array ?? []).enumerated() {
            guard let named = entry[key], let name = named.text else { continue }
            let full = [name, second.flatMap { entry[$0]?.text } ?? ""]
            if names.insert(full).inserted { continue }
            mistakes.add(
                "\(message) \(TextCheck.quoted(name))", at: named.offset,
                path: path.appending(list).appending(index).appending(key))
        }
    }
}
