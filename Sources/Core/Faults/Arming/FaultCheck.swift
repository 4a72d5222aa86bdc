import JSON
import Scenarios
import Time

/// What `check` says of the faults in a scenario file, with line and column.
package enum FaultCheck {
    /// Every reason why these faults cannot be armed. `bytes` is the file that they were read from.
    package static func mistakes(
        in entries: [FaultEntry], bytes: [UInt8], fileName: String, now: Instant
    ) -> [Mistake] {
        do throws(FaultMistakes) {
            _ = try FaultBook(entries, seed: 0, space: "default", now: now)
            return []
        } catch {
            let root = try? Node.parse(bytes, Options(comments: true, trailingCommas: true))
            return error.list.map { mistake in
                let offset = root.map { Self.offset(of: mistake.place[...], in: $0) } ?? 0
                let position = Position(of: offset, in: bytes)
                return Mistake(
                    file: fileName, line: position.line, column: position.column, path: mistake.path,
                    message: mistake.message, hint: mistake.hint)
            }
        }
    }

    /// As deep as the path leads.
    private static func offset(of place: ArraySlice<String>, in node: Node) -> Int {
        guard let part = place.first else { return node.offset }
        if let inner = node[part] { return offset(of: place.dropFirst(), in: inner) }
        if let elements = node.array, let index = Int(part), elements.indices.contains(index) {
            return offset(of: place.dropFirst(), in: elements[index])
        }
        return node.offset
    }
}
