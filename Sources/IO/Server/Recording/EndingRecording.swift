import ControlAPI
import Redaction
import Store
import Threading
import Time

/// Who is told of final scans.
package struct ScanNotes: Sendable {
    /// A file of so many bytes makes whoever ends it wait.
    static let long = 4 << 20
    /// That one begins which takes long, and how many bytes the file has.
    package var begins: (@Sendable (_ path: String, _ bytes: Int) -> Void)?
    package var reached: (@Sendable (_ path: String, _ calls: Int, _ total: Int) -> Void)?

    package init() {}
}

/// A recording that comes to its end on a thread of its own: what was handed over is written, and then all of it is looked
/// through, which takes long for a long one.
final class EndingRecording: @unchecked Sendable {
    let key: Int
    let writer: RecordingWriter
    private let rules: SecretRules
    private let notes: ScanNotes
    private let lock = Lock()
    private var listing: RecordingListing
    private var thread: BackgroundThread?

    init(key: Int, _ writer: RecordingWriter, rules: SecretRules, _ notes: ScanNotes) {
        (self.key, self.writer, self.rules, self.notes) = (key, writer, rules, notes)
        listing = RecordingListing(writer, isActive: false)
    }

    /// `done` is told from the thread.
    func begin(at moment: Instant, done: @escaping @Sendable () -> Void) {
        let (thread, failure) = BackgroundThread.start { [self] in
            end(at: moment)
            done()
        }
        self.thread = thread
        guard failure != nil else { return }
        end(at: moment)
        done()
    }

    /// As far as it is known.
    var current: RecordingListing { lock.held { listing } }

    /// Waits for its end.
    func wait() -> RecordingListing {
        thread?.join()
        return current
    }

    private func end(at moment: Instant) {
        let known = writer.end(at: moment)
        var found = RecordingListing(writer, isActive: false)
        let size = DatabaseFile.size(of: writer.path)
        if size > ScanNotes.long { notes.begins?(writer.path, size) }
        do throws(DatabaseError) {
            let left = try RecordingScan.remainders(in: writer.path, rules: rules, known: known) { [notes, writer] in
                notes.reached?(writer.path, $0, $1)
            }
            found.isClean = left.isEmpty
            found.remainders = left.map(\.description)
        } catch {
            found.failure = found.failure ?? error.description
        }
        lock.held { listing = found }
    }
}

extension RecordingListing {
    init(_ writer: RecordingWriter, isActive: Bool) {
        let totals = writer.totals
        self.init(
            name: writer.name, file: writer.path, isActive: isActive, calls: totals.calls, frames: totals.frames,
            bytes: totals.bytes, redacted: totals.redacted, failure: writer.failure)
    }
}
