import ControlAPI
import Emulator
import EventLoop
import Journal
import Library
import Recording
import Redaction
import Store
import Time

/// The recordings that a server makes: those it was started with, and those that control calls begin and end.
package final class Recordings: ControlledRecordings, @unchecked Sendable {
    /// How recordings are made.
    package struct Settings: Sendable {
        /// Recorded into from the start.
        package var file: String?
        /// Where control calls may begin others.
        package var folder: String?
        package var rules = SecretRules()
        package var keepsSecrets = false
        /// Under which the codes of secrets are made.
        package var key: [UInt8] = []
        /// Whose agents, credentials and users go into the files.
        package var scenario = Scenario()
        package var warn: @Sendable (String) -> Void = { _ in }
        /// Told after every call that is in the files.
        package var progress: (@Sendable ([RecordingListing]) -> Void)?
        package var scan = ScanNotes()

        package init() {}
    }

    private let settings: Settings
    private let mailbox: Mailbox
    private var active: [RecordingWriter] = []
    private var ended: [RecordingListing] = []
    /// Those that are being ended, and who is told when they are.
    private var ending: [(recording: EndingRecording, told: (RecordingListing) -> Void)] = []
    /// Answers whose last byte waits, with how many recordings they wait for.
    private var waiting: [Int: (count: Int, go: () -> Void)] = [:]
    /// Who was held back by a recording that is written too slowly.
    private var heldBack: [() -> Void] = []
    private var lastKey = 0

    package init(_ settings: Settings, mailbox: Mailbox, now: Instant) throws(DatabaseError) {
        (self.settings, self.mailbox) = (settings, mailbox)
        if let file = settings.file { try begin(file, name: Self.name(of: file), now: now) }
    }

    private static func name(of path: String) -> String {
        let last = path.split(separator: "/").last.map(String.init) ?? path
        return last.hasSuffix(".sqlite") ? String(last.dropLast(7)) : last
    }

    private func begin(_ path: String, name: String, now: Instant) throws(DatabaseError) {
        let identity = DatabaseFile.Identity(path)
        if let identity, (active + ending.map(\.recording.writer)).contains(where: { $0.identity == identity }) {
            throw DatabaseError(.busy, path: path, what: "is being recorded into already", hint: "end that one first")
        }
        let file = try RecordingFile(path: path, name: name, started: now, madeUnder: settings.scenario)
        let redactor =
            settings.keepsSecrets
            ? nil
            : Redactor(
                rules: settings.rules, pseudonyms: Pseudonyms(key: settings.key, entries: file.pseudonyms))
        active.append(
            RecordingWriter(file, redactor: redactor, warn: settings.warn) { [mailbox, weak self] keys in
                mailbox.post { [weak self] in self?.committed(keys) }
            })
    }

    // MARK: Calls

    var isIdle: Bool { active.isEmpty }

    /// Nil when nothing is recorded.
    func tap(_ call: FlowingCall) -> CallTap? {
        guard !active.isEmpty else { return nil }
        lastKey += 1
        var tap: CallTap?
        call.lendEntry { tap = CallTap(key: lastKey, $0, writers: active) }
        return tap
    }

    /// Does `go` once every recording of the call has it.
    func whenCommitted(_ tap: CallTap, _ go: @escaping () -> Void) {
        guard tap.writerCount > 0 else { return go() }
        waiting[tap.key] = (tap.writerCount, go)
    }

    /// Does `go` when the recordings of the call have caught up.
    func whenCaughtUp(_ go: @escaping () -> Void) { heldBack.append(go) }

    private func committed(_ keys: [Int]) {
        if !heldBack.isEmpty, !active.contains(where: \.isBehind) {
            let waiting = heldBack
            heldBack = []
            for go in waiting { go() }
        }
        if !keys.isEmpty, let progress = settings.progress { progress(listing.filter(\.isActive)) }
        for key in keys {
            guard let answer = waiting[key] else { continue }
            if answer.count > 1 {
                waiting[key]?.count -= 1
            } else {
                waiting[key] = nil
                answer.go()
            }
        }
    }

    // MARK: Control calls

    package var listing: [RecordingListing] {
        ended + ending.map(\.recording.current) + active.map { RecordingListing($0, isActive: true) }
    }

    package func begin(_ name: String, now: Instant) -> RecordingListing.Begun {
        guard let folder = settings.folder else {
            return .refused("the server was started without --recordings DIR, so there is no place for it")
        }
        guard Self.isFileName(name) else {
            return .refused("“\(name)” is no file name: write letters, digits, hyphens, underscores and full stops")
        }
        let isRunning =
            active.contains { $0.name == name } || ending.contains { $0.recording.current.name == name }
        if isRunning { return .running("the recording “\(name)” is running already") }
        let path = "\(folder)/\(name).sqlite"
        do throws(DatabaseError) {
            try begin(path, name: name, now: now)
        } catch {
            return error.kind == .busy ? .running(error.description) : .refused(error.description)
        }
        ended.removeAll { $0.name == name }
        return active.last.map { .begun(RecordingListing($0, isActive: true)) } ?? .refused("it did not begin")
    }

    private static func isFileName(_ name: String) -> Bool {
        let isLong = name.utf8.count > 200
        return !name.isEmpty && !isLong && !name.hasPrefix(".")
            && name.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "\\") }
    }

    package func end(_ name: String, now: Instant, told: @escaping (RecordingListing) -> Void) -> Bool {
        guard let index = active.firstIndex(where: { $0.name == name }) else { return false }
        end(active.remove(at: index), now: now, told)
        return true
    }

    private func end(_ writer: RecordingWriter, now: Instant, _ told: @escaping (RecordingListing) -> Void) {
        lastKey += 1
        let recording = EndingRecording(key: lastKey, writer, rules: settings.rules, settings.scan)
        ending.append((recording, told))
        recording.begin(at: now) { [mailbox, weak self, key = lastKey] in
            mailbox.post { [weak self] in self?.hasEnded(key) }
        }
    }

    private func hasEnded(_ key: Int) {
        guard let index = ending.firstIndex(where: { $0.recording.key == key }) else { return }
        let (recording, told) = ending.remove(at: index)
        ended.append(recording.wait())
        told(recording.current)
    }

    /// Ends what is still being made. Answers all that were made.
    package func endAll(now: Instant) -> [RecordingListing] {
        while let writer = active.popLast() { end(writer, now: now) { _ in } }
        ended += ending.map { $0.recording.wait() }
        ending = []
        return ended
    }
}
