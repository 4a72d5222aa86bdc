import Time

/// HTTP Archive 1.2: what of a page of exchanges this program reads and writes. "HAR files are required to be saved in
/// UTF-8 encoding"; fields whose names begin with an underscore are a tool's own, and others "have to ignore" them.
package struct Archive: Equatable, Sendable {
    package var creator: String
    package var creatorVersion: String
    package var entries: [ArchiveEntry] = []

    package init(creator: String, version: String) { (self.creator, creatorVersion) = (creator, version) }
}

/// One request and its answer.
package struct ArchiveEntry: Equatable, Sendable {
    package var started = Instant(nanoseconds: 0)
    package var request = ArchivedRequest()
    package var response = ArchivedResponse()
    /// Milliseconds until the first byte of the answer, and from there to its last.
    package var wait = 0.0
    package var receive = 0.0
    /// The tool's own fields of the entry, without their underscores: texts.
    package var own: [ArchivedField] = []

    package init() {}
}

/// A name and its value: a header field, a parameter.
package struct ArchivedField: Equatable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
}

package struct ArchivedRequest: Equatable, Sendable {
    package var method = "POST"
    package var url = ""
    package var fields: [ArchivedField] = []
    package var body: [UInt8] = []

    package init() {}
}

package struct ArchivedResponse: Equatable, Sendable {
    package var status = 200
    package var fields: [ArchivedField] = []
    package var mimeType = ""
    package var body: [UInt8] = []
    /// The pieces of the body, where they are known: `_frames`, each with its microseconds after the start.
    package var frames: [ArchivedFrame]?
    /// Why the answer ended, where it did not end as it should: Chromium's `_error`.
    package var error: String?

    package init() {}
}

package struct ArchivedFrame: Equatable, Sendable {
    package var at: Int64
    package var bytes: [UInt8]
    /// How many bytes it had when it came, where that is another number.
    package var size: Int?
    /// Of a message: who said it, `in` or `out`, and whether it is `text`, `binary` or a `close`.
    package var direction: String?
    package var kind: String?

    package init(at: Int64, bytes: [UInt8], size: Int? = nil, direction: String? = nil, kind: String? = nil) {
        (self.at, self.bytes, self.size) = (at, bytes, size)
        (self.direction, self.kind) = (direction, kind)
    }
}
