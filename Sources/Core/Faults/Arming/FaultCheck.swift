import JSON
import Fields
import Library
import Time

/// What `check` says of the faults in a scenario file, with line and column.
package enum FaultCheck {
    /// Every mistake in a scenario file, in its order: those that were found when it was read, and every reason why its
    /// faults cannot be armed.
    package static func mistakes(
        inFile bytes: [UInt8], fileName: String, read scenario: Scenario?, _ found: [Mistake], now: Instant
    ) -> [Mistake] {
        if let scenario, found.isEmpty {
            return mistakes(in: scenario.faults, bytes: bytes, fileName: fileName, now: now)
        }
        var reasons: [FaultMistake] = []
        for (index, entry) in ScenarioFile.readFaults(bytes).enumerated() {
            guard let entry else { continue }
            let place = ["faults", String(index)]
            let definition = Definition.read(entry, name: entry.name ?? entry.fault, at: place, armedAt: now)
            if case .failure(let more) = definition { reasons += more.list }
        }
        let all = found + placed(reasons, bytes, fileName)
        return all.enumerated().sorted {
            ($0.element.line, $0.element.column, $0.offset) < ($1.element.line, $1.element.column, $1.offset)
        }.map(\.element)
    }

    /// Every reason why these faults cannot be armed. `bytes` is the file that they were read from.
    package static func mistakes(
        in entries: [FaultEntry], bytes: [UInt8], fileName: String, now: Instant
    ) -> [Mistake] {
        placed(reasons(against: entries, now: now), bytes, fileName)
    }

    /// The same of faults that come from no file: the path alone says which is meant.
    package static func reasons(against entries: [FaultEntry], now: Instant) -> [FaultMistake] {
        guard !entries.isEmpty else { return [] }
        do throws(FaultMistakes) {
            _ = try FaultBook(entries, seed: 0, space: "default", now: now)
            return []
        } catch {
            return error.list
        }
    }

    private static func placed(_ reasons: [FaultMistake], _ bytes: [UInt8], _ fileName: String) -> [Mistake] {
        guard !reasons.isEmpty else { return [] }
        let root = try? Node.parse(bytes, Options(comments: true, trailingCommas: true))
        return reasons.map { mistake in
            let offset = root.map { Self.offset(of: mistake.place[...], in: $0) } ?? 0
            let position = Position(of: offset, in: bytes)
            return Mistake(
                file: fileName, line: position.line, column: position.column, path: mistake.path,
                message: mistake.message, hint: mistake.hint)
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
