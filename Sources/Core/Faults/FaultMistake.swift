import JSON

/// One thing that keeps a fault from being armed: where it stands, what is wrong, and what to do about it.
package struct FaultMistake: Swift.Error, Equatable, Sendable, CustomStringConvertible {
    /// From the document's root: `faults`, `2`, `on`, `calls`. A lone fault begins with its own members.
    package var place: [String]
    package var message: String
    package var hint: String?

    init(_ place: [String], _ message: String, hint: String? = nil) {
        self.place = place
        self.message = message
        self.hint = hint
    }

    /// `faults[2].on.calls`
    package var path: String {
        place.reduce("") { path, part in
            let isIndex = !path.isEmpty && part.utf8.allSatisfy { $0 &- 0x30 < 10 }
            return isIndex ? "\(path)[\(part)]" : path.isEmpty ? part : "\(path).\(part)"
        }
    }

    /// `faults[2].at: …; …`
    package var description: String {
        (path.isEmpty ? "" : "\(path): ") + message + (hint.map { "; \($0)" } ?? "")
    }
}

/// Everything that is wrong with faults that were to be armed. None of them is.
package struct FaultMistakes: Swift.Error, Equatable, Sendable, CustomStringConvertible {
    package var list: [FaultMistake]

    package var description: String { list.map(\.description).joined(separator: "\n") }
}
