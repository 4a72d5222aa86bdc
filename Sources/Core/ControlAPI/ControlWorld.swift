import Emulator
import Journal
import Library

/// What control calls show and change.
package struct ControlWorld {
    package let state: WorkingState
    package let journal: any ControlledJournal
    /// What the scenario was at the start.
    package let library: Scenario
    package let server: Server
    /// Nil where nothing can be recorded.
    package let recordings: (any ControlledRecordings)?
    /// Of answers that are on their way.
    var texts = SharedTexts()

    /// What only the server knows of itself.
    package struct Server {
        package let version: String
        /// Nanoseconds.
        package let uptime: Int64
        /// Calls that are being answered.
        package let inFlight: Int

        package init(version: String, uptime: Int64, inFlight: Int) {
            (self.version, self.uptime, self.inFlight) = (version, uptime, inFlight)
        }
    }

    package init(
        state: WorkingState, journal: any ControlledJournal, library: Scenario, server: Server,
        recordings: (any ControlledRecordings)? = nil
    ) {
        (self.state, self.journal, self.library, self.server) = (state, journal, library, server)
        self.recordings = recordings
    }
}

/// The journal, as control calls read it and may empty it.
package protocol ControlledJournal: AnyObject {
    var log: CallLog { get }
    /// Those that the log holds no longer; nil where nobody keeps them. When a page has been read, that is a change.
    var older: (any OlderCalls)? { get }
    /// How many calls can be asked for no more.
    var dropped: Int { get }
    var metrics: CallMetrics { get }
    var marks: MarkLog { get }
    func add(_ mark: Mark)
    /// Why its file is no longer written, or nil.
    var failure: String? { get }
    /// Changes since somebody began to observe.
    var changeCount: Int { get }
    /// What happened next for somebody who has seen `seen` changes.
    func change(after seen: inout Int) -> CallChange?
    /// Forgets all calls. With `isRestart`, numbers begin again, and what still runs is nobody's call.
    func clear(isRestart: Bool)
}

extension ControlledJournal {
    package var older: (any OlderCalls)? { nil }
    package var dropped: Int { log.dropped }
    /// How many can be.
    var count: Int { log.count + log.dropped - dropped }
}
