import Foundation
import JSON
import Support
import Testing

@testable import UnderstudyCLI

@Suite("fidelity") struct FidelityTests {
    @Test("a recording is replayed byte for byte and frame for frame", arguments: RecordingFixtures.names)
    func exact(name: String) throws {
        let ran = Ran("fidelity", RecordingFixtures.path(name), "--speed", "max", "--json")
        let found = try Value.parse(ran.output)
        #expect(ran.exit == .good && found["bytesEqual"] == true && found["framesEqual"] == true, "\(ran.output)")
        let calls = try #require(found["calls"]?.integer)
        #expect(calls > 3 && found["streams"]?.array?.count == calls)
        #expect(found["error"]?["max"]?.double != nil)
    }

    @Test("more streams than calls: some are replayed again")
    func streams() throws {
        let ran = Ran("fidelity", RecordingFixtures.path("agent"), "--speed", "max", "--streams", "20", "--json")
        #expect(try Value.parse(ran.output)["streams"]?.array?.count == 20)
        #expect(Ran("fidelity", RecordingFixtures.path("agent"), "--speed", "max").lines.count == 2)
    }

    @Test("what holds no recorded calls is refused")
    func refused() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("a.json", #"{"understudy": 1}"#.utf8)
        #expect(Ran("fidelity", file).errors.contains("a.json: holds no recorded calls"))
        #expect(Ran("fidelity").exit == .badInput)
        #expect(Ran("fidelity", file, "--speed", "fast").errors.contains("--speed is fast"))
        let cut = folder.path("cut.sqlite")
        let whole = try Data(contentsOf: URL(filePath: RecordingFixtures.path("uneven")))
        try whole.prefix(whole.count / 2).write(to: URL(filePath: cut))
        let ran = Ran("fidelity", cut)
        #expect(ran.exit == .badInput && ran.errors.contains("is cut short"))
    }
}
