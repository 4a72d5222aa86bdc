import Bytes
import Support
import Testing

@testable import UnderstudyCLI

@Suite("HTTP archives on the command line") struct HARFileTests {
    @Test("a recording that is exported as an archive and loaded again says the same")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        let scenario = folder.path("a.json")
        let text = """
            {"understudy": 1, "agents": [{"arn": "arn:aws:bedrock-agentcore:us-east-1:209803798463:runtime/a-ABCDEFGHIJ",
              "auth": "none"}],
             "recorded": [{"recording": "r", "agent": "arn:aws:bedrock-agentcore:us-east-1:209803798463:runtime/a-ABCDEFGHIJ",
              "session": "s", "arrived": "2026-01-02T03:04:05.678901Z",
              "request": {"headers": {"Content-Type": "application/json"}, "json": {"a": 1}},
              "reply": {"status": 200, "headers": {"Content-Type": "text/event-stream"}, "at": "1.5ms",
               "frames": [{"at": "2ms", "text": "data: a\\n\\n"}, {"at": "3ms", "base64": "/wA="}], "ended": "4ms"},
              "outcome": "closed"}]}
            """
        _ = try folder.write("a.json", text.utf8)
        #expect(Ran("load", scenario, "--into", folder.path("a.sqlite")).exit == .good)
        #expect(Ran("export", folder.path("a.sqlite"), "--har", "--to", folder.path("a.har")).exit == .good)
        #expect(Ran("load", folder.path("a.har"), "--into", folder.path("b.sqlite")).exit == .good)
        #expect(Ran("export", folder.path("a.sqlite"), "--to", folder.path("a1.json")).exit == .good)
        #expect(Ran("export", folder.path("b.sqlite"), "--to", folder.path("b1.json")).exit == .good)
        #expect(try FileBytes.read(folder.path("a1.json")) == FileBytes.read(folder.path("b1.json")))
    }

    @Test("a file that is no archive is refused with its name and the place")
    func refused() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("a.har", #"{"log": {"entries": [{}]}}"#.utf8)
        let ran = Ran("load", folder.path("a.har"), "--into", folder.path("b.sqlite"))
        #expect(ran.exit == .badInput)
        #expect(ran.errors.contains("a.har: log.entries[0].request: is missing, or is no object"))
        #expect(!FileBytes.exists(folder.path("b.sqlite")))
    }
}
