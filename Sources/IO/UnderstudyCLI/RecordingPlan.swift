import CShims
import ControlAPI
import Glibc
import Library
import Redaction
import Server
import Store

/// What the options say of recording.
struct RecordingPlan {
    private var settings = Recordings.Settings()

    static let options =
        [
            Option("--recordings", "DIR", "where POST /_understudy/recordings may begin recordings")
        ] + redaction + [Option("--keep-secrets", nil, "record secrets as they are")]

    static let redaction = [
        Option(
            "--redact", "NAME=REGEX|email", "what else is a secret: what the expression finds, or e-mail addresses",
            repeats: true),
        Option("--redact-path", "PATH", "values at this place of JSON bodies and events are secrets", repeats: true),
    ]

    /// `file` is the option that names what is recorded into.
    init(_ arguments: Arguments, file: String) throws(Failure) {
        settings.file = arguments.value(file)
        settings.folder = arguments.value("--recordings")
        settings.keepsSecrets = arguments.has("--keep-secrets")
        settings.rules = try Self.rules(arguments)
        if let folder = settings.folder {
            var status = stat()
            guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
                throw Failure("--recordings \(folder): is no folder; make it first")
            }
        }
        if settings.file != nil || settings.folder != nil, !settings.keepsSecrets { settings.key = PseudonymKey.load() }
    }

    static func rules(_ arguments: Arguments) throws(Failure) -> SecretRules {
        do throws(SecretRuleMistake) {
            return try SecretRules(redact: arguments.all("--redact"), paths: arguments.all("--redact-path"))
        } catch {
            throw .usage(error.description)
        }
    }

    var keepsSecrets: Bool { settings.keepsSecrets }
    /// Whether a file was named.
    var isTold: Bool { settings.file != nil }

    func settings(for scenario: Scenario, _ log: ServeLog) -> Recordings.Settings? {
        var settings = settings
        settings.scenario = scenario
        settings.warn = log.warn
        return settings
    }
}

/// The key under which recordings keep the codes of secrets: of this user, outside every recording, so that a file that
/// is handed on tells nothing of what was in it.
enum PseudonymKey {
    /// Made the first time. Where it can be kept nowhere it holds for this run, and a recording that is continued gives
    /// its secrets new numbers.
    static func load() -> [UInt8] {
        guard let path = path else { return made() }
        if let key = try? FileBytes.read(path, most: 64), key.count == 32 { return key }
        let key = made()
        guard (try? FileBytes.makeFolders(for: path)) != nil else { return key }
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            // Another program made it in the same moment.
            let other = try? FileBytes.read(path, most: 64)
            return other.flatMap { $0.count == 32 ? $0 : nil } ?? key
        }
        _ = Console.writeAll(key, to: file)
        close(file)
        return key
    }

    private static var path: String? {
        if let data = environment("XDG_DATA_HOME") { return data + "/understudy/pseudonyms.key" }
        return environment("HOME").map { $0 + "/.local/share/understudy/pseudonyms.key" }
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
    }

    private static func made() -> [UInt8] {
        (0..<4).flatMap { _ in withUnsafeBytes(of: shim_random()) { Array($0) } }
    }
}

/// What is said when recordings end: what is in them, whether a secret is left, and what to type next.
struct RecordingSummary {
    let listings: [RecordingListing]
    let keepsSecrets: Bool

    var lines: [String] { listings.flatMap(lines) }

    /// Whether all of them may be handed on, or hold secrets because they were to.
    var isGood: Bool { listings.allSatisfy { $0.failure == nil && (keepsSecrets || $0.isClean == true) } }

    /// While it is made, in one line.
    static func progress(_ listing: RecordingListing) -> String {
        "recording \(listing.name): \(sums(listing)), \(Spelling.count(listing.redacted, "secret")) replaced"
    }

    private static func sums(_ listing: RecordingListing) -> String {
        "\(Spelling.count(listing.calls, "call")), \(Spelling.count(listing.frames, "frame")), \(listing.bytes) bytes"
    }

    private func lines(_ listing: RecordingListing) -> [String] {
        let kept = "\(listing.file): \(Self.sums(listing))"
        var lines = [
            kept + (keepsSecrets ? ", secrets kept" : ", \(Spelling.count(listing.redacted, "secret")) replaced")
        ]
        // It names the file already.
        if let failure = listing.failure { lines.append(failure) }
        if keepsSecrets {
            lines.append("before it is handed on: understudy redact \(listing.file)")
        } else {
            for left in listing.remainders { lines.append("\(listing.file): still holds a secret: \(left)") }
            if listing.isClean == true { lines.append("no secret was found in it by the final scan") }
        }
        if listing.calls > 0 { lines.append("replay it: understudy serve \(listing.file)") }
        return lines
    }
}
