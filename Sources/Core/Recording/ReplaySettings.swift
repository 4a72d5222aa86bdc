import Fields
import JSON
import Time

/// What a library says about how its recordings are matched: `replay` of a scenario file.
package struct ReplaySettings: Equatable, Sendable {
    /// Places in payloads that differ from run to run and say nothing.
    package var volatile: [String] = []
    /// Header fields that have to be the same.
    package var headers: [String] = []

    package init() {}

    package var isEmpty: Bool { volatile.isEmpty && headers.isEmpty }

    /// What both say, each once.
    package func adding(_ other: ReplaySettings) -> ReplaySettings {
        var both = self
        both.volatile += other.volatile.filter { !volatile.contains($0) }
        both.headers += other.headers.filter { !headers.contains($0) }
        return both
    }
}

extension ReplaySettings {
    package static func read(_ fields: inout FieldReader) -> ReplaySettings? {
        var settings = ReplaySettings()
        settings.volatile = fields.texts("volatile", isPath) ?? []
        settings.headers = fields.texts("headers", .headerName) ?? []
        return settings
    }

    /// What is wrong with them, as options of a command line.
    package var problems: [String] {
        let paths = volatile.compactMap { Self.isPath.problem($0) }.map { "--volatile: \($0.message)" }
        return paths + headers.compactMap { TextCheck.headerName.problem($0) }.map { "--match-header: \($0.message)" }
    }

    private static let isPath = TextCheck { text in
        do throws(PathError) {
            _ = try Path(text)
            return nil
        } catch {
            return TextCheck.Problem(message: "\(TextCheck.quoted(text)) is not a path, \(error.description)")
        }
    }

    package var written: Value {
        var fields = FieldWriter()
        fields.add("volatile", volatile.isEmpty ? nil : volatile)
        fields.add("headers", headers.isEmpty ? nil : headers)
        return fields.object
    }
}

extension RecordedRun {
    /// `recordings[…]` of a scenario file.
    package static func read(_ fields: inout FieldReader) -> RecordedRun? {
        let name = fields.requiredText("name", .notEmpty)
        var run = RecordedRun(name: name ?? "")
        run.started = fields.text("started", .moment).flatMap { Instant(rfc3339: $0.utf8) }
        run.ended = fields.text("ended", .moment).flatMap { Instant(rfc3339: $0.utf8) }
        return name == nil ? nil : run
    }

    package var written: Value {
        var fields = FieldWriter()
        fields.add("name", name)
        fields.add("started", started?.rfc3339)
        fields.add("ended", ended?.rfc3339)
        return fields.object
    }
}
