import ControlAPI
import Glibc
import Journal
import Server

/// The log of one server.
struct ServeLog: Sendable {
    private let line: LogLine
    private let sink = LogSink()

    init(format: LogLine.Format) {
        line = LogLine(format: format, isColoured: isatty(2) == 1)
    }

    var warn: @Sendable (String) -> Void {
        { [line, sink] message in
            sink.append(line.line(.warning, message, at: WallClock.now))
            sink.flush()
        }
    }

    var inform: @Sendable (String) -> Void {
        { [line, sink] message in
            sink.append(line.line(.info, message, at: WallClock.now))
            sink.flush()
        }
    }

    var note: @Sendable (CallRecord) -> Void { { [line, sink] call in sink.append(line.line(call)) } }
    var flush: @Sendable () -> Void { { [sink] in sink.flush() } }

    /// On a terminal, how far the recordings are stands below the calls. Nil elsewhere.
    var progress: (@Sendable ([RecordingListing]) -> Void)? {
        guard line.format == .text, isatty(2) == 1 else { return nil }
        return { [sink] listings in
            sink.show(listings.map { RecordingSummary.progress($0) }.joined(separator: "; "))
            sink.flush()
        }
    }

    /// Whoever ends a long recording waits for its final scan: they are told, and on a terminal see how far it is.
    var scan: ScanNotes {
        var notes = ScanNotes()
        notes.begins = { [inform] path, bytes in
            let size = "\((bytes + 999_999) / 1_000_000) MB"
            inform("\(path): the final scan looks through all of it for secrets, \(size): this takes a while")
        }
        guard line.format == .text, isatty(2) == 1 else { return notes }
        notes.reached = { [sink] path, calls, total in
            sink.show("final scan of \(path): \(calls) of \(Spelling.count(total, "call"))")
            sink.flush()
        }
        return notes
    }

    /// Nothing stands below the last line any more.
    func end() {
        sink.show("")
        sink.flush()
    }
}
