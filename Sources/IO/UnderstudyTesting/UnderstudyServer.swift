import Emulator
import Library
import Server
import Threading
import UnderstudyCLI

// Rules.  One server in the test's own process, on a free port of this machine, and a space of it for each test: what a test
//         arms, moves and calls is seen by no other, so tests run beside each other as Swift Testing runs them.
// Theory. Clients are the program's own and know a server by its URL alone; so does this library, which steers over the same
//         HTTP as everybody else. Nothing here waits for a time: what is asked of the journal is there when it is asked.

/// A stand-in for Bedrock AgentCore Runtime that runs as long as this object or one of its spaces is held.
public final class UnderstudyServer: @unchecked Sendable {
    /// Where programs find it: `http://127.0.0.1:43117`.
    public let url: String
    /// What chance is drawn from: the same seed, the same run.
    public let seed: UInt64
    private let running: RunningServer
    private let thread: BackgroundThread
    private let lock = Lock()
    private var spaces = 0

    /// Serves a scenario, written as in a scenario file, or the built-in one.
    public convenience init(scenario text: String? = nil, seed: UInt64 = 1) throws(UnderstudyFailure) {
        let bytes = Array((text ?? BuiltIn.text).utf8)
        let (scenario, mistakes) = ScenarioFile.read(
            bytes, fileName: "scenario", .complete(faultsArmedAt: WallClock.now))
        guard let scenario else { throw UnderstudyFailure(mistakes.map(\.description).joined(separator: "\n")) }
        try self.init(serving: scenario, seed: seed)
    }

    /// Serves scenario files and SQLite libraries, as `understudy serve` does.
    public convenience init(libraries paths: [String], seed: UInt64 = 1) throws(UnderstudyFailure) {
        let scenario: Scenario
        do throws(Failure) {
            scenario = try Libraries.merged(paths)
        } catch {
            throw UnderstudyFailure(error)
        }
        try self.init(serving: scenario, seed: seed)
    }

    private init(serving scenario: Scenario, seed: UInt64) throws(UnderstudyFailure) {
        let understudy: Understudy
        do throws(ScenarioRefusal) {
            understudy = try Understudy(
                scenario: scenario, settings: Understudy.Settings(seed: seed), now: WallClock.now)
        } catch {
            throw UnderstudyFailure(error.description)
        }
        var settings = ServingSettings()
        settings.port = 0
        do throws(StartError) {
            running = try RunningServer(settings, answering: understudy, state: understudy.state)
        } catch {
            throw UnderstudyFailure(error.text)
        }
        (url, self.seed) = (running.url, seed)
        let (thread, failure) = BackgroundThread.start { [running] in running.run() }
        self.thread = thread
        if let failure { throw UnderstudyFailure("the server's thread did not start: \(failure)") }
    }

    deinit { stop() }

    /// Ends what is being answered, and waits for the server's end. More than once does nothing.
    public func stop() {
        running.stop()
        thread.join()
    }

    /// A space of its own, new unless it is named.
    public func space(_ name: String? = nil) -> UnderstudySpace {
        if let name { return UnderstudySpace(name: name, of: self) }
        let number = lock.held {
            spaces += 1
            return spaces
        }
        return UnderstudySpace(name: "test-\(number)", of: self)
    }
}

/// Why something cannot be done, in words.
public struct UnderstudyFailure: Error, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }

    init(_ failure: Failure) {
        self.init(([failure.message] + failure.mistakes).joined(separator: "\n"))
    }
}
