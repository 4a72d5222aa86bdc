import Foundation
import JSON
import Store
import Support
import Testing

@testable import UnderstudyCLI

@Suite("verify") struct VerifyTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func file(_ text: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path("expectations.json")))
        return folder.path("expectations.json")
    }

    private func journal() throws -> String {
        let path = folder.path("calls.sqlite")
        let writer = try JournalWriter(path: path, limit: nil) { _ in }
        for number in 1...3 { writer.arrived(SampleCall.full(number)) }
        writer.close()
        return path
    }

    @Test(
        "the exit code is the verdict's",
        arguments: [
            (#"{"calls": {"match": {"status": "200-599"}, "by": "none", "count": 3}}"#, Exit.good, "pass  calls"),
            (#"{"calls": {"by": "none", "count": {"max": 2}}}"#, .verdictFailed, "FAIL  calls"),
            (#"{"breaker": {"match": {"agent": "nobody-*"}}}"#, .inconclusive, "inconclusive  breaker"),
        ])
    func exits(expectation: String, exit: Exit, shown: String) throws {
        let path = try file("{\"expect\": [\(expectation)]}")
        let ran = Ran(["verify", path, "--journal", try journal()])
        #expect(ran.exit == exit && ran.output.hasPrefix(shown), "\(ran.output) \(ran.errors)")
    }

    @Test("as JSON, and as JUnit's XML beside")
    func formats() throws {
        let path = try file(#"{"expect": [{"name": "at most two", "calls": {"by": "none", "count": {"max": 2}}}]}"#)
        let ran = Ran(["verify", path, "--journal", try journal(), "--json", "--junit", folder.path("verdicts.xml")])
        let answer = try Value.parse(ran.output)
        #expect(answer["verdict"] == "fail" && answer["results"]?[0]?["figures"]?["count"] == 3)
        let xml = try String(contentsOfFile: folder.path("verdicts.xml"), encoding: .utf8)
        #expect(xml.contains("<failure message=\"3 calls were made, at most 2 expected\""), "\(xml)")
    }

    @Test("what is wrong with the expectations is told with its place, by a server and without one")
    func mistakes() async throws {
        let server = try TestServer.emulating()
        let address = ["--server", "http://127.0.0.1:\(server.port)"]
        let path = try file(
            "{\"expect\": [\n  {\"calls\": {\"match\": {\"operation\": \"Nothing\"}, \"count\": 1}}\n]}")
        for source in [["--journal", try journal()], address] {
            let ran = Ran(["verify", path] + source)
            #expect(ran.exit == .badInput && ran.output.isEmpty)
            #expect(ran.errors.hasPrefix("\(path):2:37: expect[0].calls.match.operation: "), "\(ran.errors)")
        }
        _ = await server.stop()
    }

    @Test("a server is asked, and what it says is told as a journal's verdicts are")
    func server() async throws {
        let server = try TestServer.emulating()
        let path = try file(#"{"expect": [{"calls": {"count": 0}}, {"backoff": {"policy": "none"}}]}"#)
        let ran = Ran(["verify", path, "--server", "http://127.0.0.1:\(server.port)", "--space", "a"])
        #expect(ran.exit == .inconclusive, "\(ran.errors)")
        #expect(ran.lines.first == "pass  calls" && ran.lines.last == "inconclusive: 2 results")
        _ = await server.stop()
    }

    @Test(
        "wrong usage is told",
        arguments: [
            ([], "name one file"), (["a", "b"], "name one file"), (["a.json"], "a.json: No such file"),
            (["EXPECTATIONS", "--run", "2"], "--run goes with --journal"),
            (["EXPECTATIONS", "--journal", "x", "--space", "a"], "--space is for a server"),
            (["EXPECTATIONS", "--journal", "/nothing"], "/nothing: there is no such file"),
        ])
    func usage(words: [String], named: String) throws {
        let path = try file(#"{"expect": [{"calls": {"count": 0}}]}"#)
        let ran = Ran(["verify"] + words.map { $0 == "EXPECTATIONS" ? path : $0 })
        #expect(ran.exit == .badInput && ran.output.isEmpty && ran.errors.contains(named), "\(ran.errors)")
    }
}
