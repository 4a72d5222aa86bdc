import Delivery
import Fields
import JSON
import Time

extension ControlCalls {
    /// What is recorded of the calls that are passed on.
    static let recordings = ControlCalls(
        ControlCall("GET", "recordings") { _, world in
            .json(["recordings": .array(world.recordings?.listing.map(\.value) ?? [])])
        },
        ControlCall("POST", "recordings") { (request, world) throws(ControlRefusal) in
            let asked = try request.json()
            guard let name = asked["name"]?.text else {
                throw ControlRefusal(400, #"name the recording: {"name": "a"}"#)
            }
            for member in asked.members ?? [] where member.name != "name" {
                throw ControlRefusal(400, "\(Excerpt.of(.string(member.name))) means nothing here: there is name")
            }
            guard let recordings = world.recordings else { throw ControlRefusal(400, "nothing can be recorded here") }
            switch recordings.begin(name, now: request.now) {
            case .begun(let listing): return .json(listing.value, status: 201)
            case .running(let why): throw ControlRefusal(409, why)
            case .refused(let why): throw ControlRefusal(400, why)
            }
        },
        ControlCall("DELETE", "recordings/{name}") { (request, world) throws(ControlRefusal) in
            let name = request.segments[1]
            let ended = EndedRecording()
            guard world.recordings?.end(name, now: request.now, told: ended.tell) == true else {
                throw ControlRefusal(404, "no recording “\(name)” is running")
            }
            return .steps([], ended)
        })
}

/// Answers once a recording has ended and was looked through.
private final class EndedRecording: ControlSource {
    private var listing: RecordingListing?
    private var stir: (() -> Void)?
    let watchesJournal = false

    func tell(_ listing: RecordingListing) {
        self.listing = listing
        stir?()
    }

    func watch(_ stir: @escaping () -> Void) { self.stir = stir }

    func next(now: Int64) -> NextSteps {
        listing.map { .steps(ControlTable.steps($0.value.compact, 200)) } ?? .waits(until: .max)
    }
}

/// The recordings, as control calls see them.
package protocol ControlledRecordings: AnyObject {
    var listing: [RecordingListing] { get }
    func begin(_ name: String, now: Instant) -> RecordingListing.Begun
    /// False when none of this name is running. Otherwise `told` is what was recorded, once that was looked through.
    func end(_ name: String, now: Instant, told: @escaping (RecordingListing) -> Void) -> Bool
}

/// One recording, and how far it is.
package struct RecordingListing: Equatable, Sendable {
    package enum Begun { case begun(RecordingListing), running(String), refused(String) }

    package var name: String
    package var file: String
    package var isActive: Bool
    package var calls: Int
    package var frames: Int
    package var bytes: Int
    package var redacted: Int
    /// Why it is no longer written, or could not be looked through.
    package var failure: String?
    /// What the final scan said; nil before it.
    package var isClean: Bool?
    /// The secrets that are left, by kind and place.
    package var remainders: [String] = []

    package init(
        name: String, file: String, isActive: Bool, calls: Int, frames: Int, bytes: Int, redacted: Int, failure: String?
    ) {
        (self.name, self.file, self.isActive) = (name, file, isActive)
        (self.calls, self.frames, self.bytes, self.redacted) = (calls, frames, bytes, redacted)
        self.failure = failure
    }

    var value: Value {
        var members: [Value.Member] = [
            .init("name", .string(name)), .init("file", .string(file)), .init("active", .bool(isActive)),
            .init("calls", Value(calls)), .init("frames", Value(frames)), .init("bytes", Value(bytes)),
            .init("redacted", Value(redacted)),
        ]
        if let isClean { members.append(.init("clean", .bool(isClean))) }
        if !remainders.isEmpty { members.append(.init("left", .array(remainders.map { .string($0) }))) }
        if let failure { members.append(.init("failure", .string(failure))) }
        return .object(members)
    }
}
