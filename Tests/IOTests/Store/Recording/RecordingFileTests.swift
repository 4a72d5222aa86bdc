import Foundation
import Library
import Recording
import Redaction
import Support
import Testing
import Time

@testable import Store

@Suite("A recording that is being made") struct RecordingFileTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path("session.sqlite") }
    private let noon = Instant(seconds: 1_768_478_400)

    init() throws { folder = try TemporaryFolder() }

    private func call(_ text: String) -> RecordedCall {
        let frame = RecordedFrame(at: 7, bytes: Array(text.utf8))
        var call = RecordedCall(agent: "arn", reply: RecordedReply(body: .frames([frame, frame])))
        call.recording = "session"
        return call
    }

    private var library: Scenario {
        var library = Scenario()
        library.agents = [Agent(arn: "*")]
        library.credentials = [Credential(accessKeyId: "test", secretAccessKey: "test")]
        library.faults = [FaultEntry(fault: "hang")]
        return library
    }

    @Test("each call is in the file as soon as it is committed, and who may call is too")
    func committed() throws {
        let file = try RecordingFile(path: path, name: "session", started: noon, madeUnder: library)
        try file.commit(call("one"))
        #expect(try LibraryFile.read(path).recorded == [call("one")])
        try file.commit(call("two"))
        file.end(at: noon + .seconds(5))
        let scenario = try LibraryFile.read(path)
        #expect(scenario.recorded == [call("one"), call("two")])
        #expect(scenario.agents == library.agents && scenario.credentials == library.credentials)
        #expect(scenario.faults == [])
        #expect(scenario.recordings.first?.ended == noon + .seconds(5))
        #expect(!DatabaseFile.hasLog(path))
    }

    @Test("a recording is continued, behind what is there")
    func continued() throws {
        for text in ["one", "two"] {
            let file = try RecordingFile(path: path, name: "session", started: noon, madeUnder: library)
            try file.commit(call(text))
            file.end(at: noon)
        }
        let scenario = try LibraryFile.read(path)
        #expect(scenario.recorded == [call("one"), call("two")] && scenario.recordings.count == 1)
    }

    @Test("one whose program was killed has no index, and is read and continued all the same")
    func killed() throws {
        let other = folder.path("killed.sqlite")
        let file = try RecordingFile(path: path, name: "session", started: noon, madeUnder: library)
        try file.commit(call("one"))
        for end in ["", "-wal"] { try FileManager.default.copyItem(atPath: path + end, toPath: other + end) }
        file.end(at: noon)
        #expect(try LibraryFile.read(other).recorded == [call("one")])
        let next = try RecordingFile(path: other, name: "session", started: noon, madeUnder: library)
        try next.commit(call("two"))
        next.end(at: noon)
        #expect(try LibraryFile.read(other).recorded == [call("one"), call("two")])
        for path in [path, other] {
            let indices = try Database.reading(path) { (database) throws(DatabaseError) in
                try database.number(
                    "SELECT count(*) FROM sqlite_schema WHERE name = 'recorded_calls_of_recording'")
            }
            #expect(indices == 1)
        }
    }

    @Test("what stays the same from call to call, and what does not, is that of each call")
    func each() throws {
        let file = try RecordingFile(path: path, name: "session", started: noon, madeUnder: library)
        var calls: [RecordedCall] = []
        for number in 0..<6 {
            var call = RecordedCall(
                agent: number < 3 ? "a" : "b", reply: RecordedReply(body: .whole(Array("\(number)".utf8))))
            call.recording = "session"
            call.session = number == 2 ? nil : "s\(number / 2)"
            call.requestFields.add(name: "X-Note", value: number == 4 ? "größer" : "same")
            if number % 2 == 0 { call.reply.fields.add(name: "X-Reply", value: "\(number)") }
            call.outcome = number == 5 ? .reset : .completed
            calls.append(call)
            try file.commit(call)
        }
        file.end(at: noon)
        #expect(try LibraryFile.read(path).recorded == calls)
    }

    @Test("a library that is no recording is refused and stays as it was")
    func refused() throws {
        try LibraryFile.replace(path, with: library)
        let before = try DatabaseFile(path: path)
        #expect(throws: DatabaseError.self) {
            try RecordingFile(path: path, name: "session", started: noon, madeUnder: library)
        }
        #expect(try DatabaseFile(path: path) == before)
        #expect(try LibraryFile.read(path) == library)
    }

    @Test("a second recorder is refused while the first is there, and changes nothing; so is whoever would rewrite it")
    func lock() throws {
        let first = try RecordingFile(path: path, name: "session", started: noon, madeUnder: library)
        let busy = { (error: DatabaseError) in error.kind == .busy && error.description.contains("is being recorded") }
        for attempt in [
            { _ = try RecordingFile(path: path, name: "other", started: noon, madeUnder: library) },
            { try LibraryFile.add([library], to: path) },
            {
                _ = try RecordingCleaning.clean(path) {
                    Redactor(rules: .init(), pseudonyms: .init(key: [1], entries: $0))
                }
            },
        ] {
            let error = #expect(throws: DatabaseError.self, performing: attempt)
            #expect(error.map(busy) == true, "\(String(describing: error))")
        }
        try first.commit(call("one"))
        first.end(at: noon)
        let scenario = try LibraryFile.read(path)
        #expect(scenario.recorded == [call("one")] && scenario.recordings.map(\.name) == ["session"])
        try RecordingFile(path: path, name: "other", started: noon, madeUnder: library).end(at: noon)
    }

    @Test("a conversation has the status of its opening, and one from before gets it")
    func conversation() throws {
        let file = try RecordingFile(path: path, name: "session", started: noon, madeUnder: library)
        var said = call("hello")
        said.operation = "InvokeAgentRuntimeWithWebSocketStream"
        said.reply.status = 101
        said.reply.body = .frames([.init(at: 1, bytes: [1], message: .init(from: .other, .binary))])
        try file.commit(said)
        file.end(at: noon)
        #expect(try LibraryFile.read(path).recorded == [said])
    }
}
