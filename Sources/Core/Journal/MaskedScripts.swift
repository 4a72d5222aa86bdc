import Delivery
import Redaction

/// Scripts of streams without their secrets. Calls share a script, so it is searched once, as long as it is among the last
/// that were asked for.
struct MaskedScripts {
    private static let most = 8

    private struct Entry {
        /// Held, so that no other script is where it is.
        let original: [FrameScript.Frame]
        /// Nil: there is nothing to mask.
        let masked: [FrameScript.Frame]?
    }

    private var entries: [Entry] = []
    private var next = 0

    mutating func masked(_ run: FrameRun) -> FrameRun {
        guard let frames = known(run.script.frames).masked else { return run }
        var masked = run
        masked.script.frames = frames
        return masked
    }

    private mutating func known(_ frames: [FrameScript.Frame]) -> Entry {
        for entry in entries where Self.isSame(entry.original, frames) { return entry }
        let entry = Entry(original: frames, masked: Self.masked(frames))
        if entries.count < Self.most {
            entries.append(entry)
        } else {
            entries[next] = entry
            next = (next + 1) % Self.most
        }
        return entry
    }

    private static func isSame(_ one: [FrameScript.Frame], _ other: [FrameScript.Frame]) -> Bool {
        one.withUnsafeBufferPointer { one in
            other.withUnsafeBufferPointer { $0.baseAddress == one.baseAddress && $0.count == one.count }
        }
    }

    /// As many frames as the journal tells of.
    private static func masked(_ frames: [FrameScript.Frame]) -> [FrameScript.Frame]? {
        var (pieces, size): ([[UInt8]], Int) = ([], 0)
        for frame in frames where size <= KeptBody.limit {
            pieces.append(frame.bytes)
            size += frame.bytes.count
        }
        guard let told = BodySecrets.masked(pieces: pieces) else { return nil }
        var masked = frames
        for (index, bytes) in told.enumerated() { masked[index].mask(bytes) }
        return masked
    }
}
