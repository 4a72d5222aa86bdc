import Bytes
import JSON
import Testing
import Time

@testable import HAR

@Suite("HTTP archives") struct ArchiveTests {
    static func sample() -> Archive {
        var archive = Archive(creator: "understudy", version: "0.1.0")
        var entry = ArchiveEntry()
        entry.started = Instant(nanoseconds: 1_796_000_000_123_456_789)
        (entry.wait, entry.receive) = (12.345, 0.006)
        entry.request.url = "https://a.example/runtimes/x/invocations?qualifier=DEFAULT&a=b%20c"
        entry.request.fields = [ArchivedField("Content-Type", "application/json"), ArchivedField("X-A", "1")]
        entry.request.body = Array(#"{"prompt":"grüezi"}"#.utf8)
        entry.response.fields = [ArchivedField("Content-Type", "text/event-stream")]
        entry.response.mimeType = "text/event-stream"
        entry.response.body = [0xFF, 0x0A]
        entry.response.frames = [ArchivedFrame(at: 12_345, bytes: [0xFF]), ArchivedFrame(at: 12_350, bytes: [0x0A])]
        entry.own = [ArchivedField("agent", "arn")]
        archive.entries = [entry]
        return archive
    }

    @Test("what is written is read again, to the microsecond and the byte")
    func roundTrip() throws {
        let archive = Self.sample()
        let text = archive.written.bytes(.pretty)
        #expect(try Archive(text) == archive)
        #expect(try Archive([0xEF, 0xBB, 0xBF] + text) == archive)
        #expect(Archive.isMeant(by: text))
    }

    @Test("all that the format requires is there")
    func required() throws {
        let entry = try #require(Self.sample().written["log"]?["entries"]?[0])
        for name in ["startedDateTime", "time", "request", "response", "cache", "timings"] {
            #expect(entry[name] != nil, "\(name)")
        }
        for name in ["method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"] {
            #expect(entry["request"]?[name] != nil, "\(name)")
        }
        for name in [
            "status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize",
            "bodySize",
        ] { #expect(entry["response"]?[name] != nil, "\(name)") }
        #expect(entry["time"] == .number("12.351"))
        #expect(entry["request"]?["queryString"]?[1]?["value"] == "b c")
        #expect(entry["response"]?["content"]?["encoding"] == "base64")
        #expect(entry["response"]?["_frames"]?[0]?["at"] == 12345)
    }

    @Test("another tool's archive is read as far as it goes")
    func sparse() throws {
        let text = """
            {"log": {"entries": [{"request": {"method": "GET", "url": "http://a/"}, "response": {"status": 204},
             "timings": {"blocked": -1, "wait": 3, "receive": null}, "_initiator": {"type": "other"}}]}}
            """
        let archive = try Archive(Array(text.utf8))
        #expect(archive.entries.count == 1)
        #expect(archive.entries[0].wait == 3)
        #expect(archive.entries[0].response.body == [])
    }

    @Test(
        "what it cannot do without is told with its place",
        arguments: [
            ("[", "is not JSON: line 1, column 2: "), ("{}", "is no HTTP Archive: it has no \"log\""),
            (#"{"log": {}}"#, "log.entries: is missing, or is no array"),
            (#"{"log": {"entries": [1]}}"#, "log.entries[0]: is no object"),
            (#"{"log": {"entries": [{}]}}"#, "log.entries[0].request: is missing, or is no object"),
            (
                #"{"log": {"entries": [{"request": {"method": "GET"}}]}}"#,
                "log.entries[0].request.url: is missing, or is no text"
            ),
            (
                #"{"log": {"entries": [{"request": {"method": "GET", "url": "http://a/"}, "response": {"status": "x"}}]}}"#,
                "log.entries[0].response.status: is missing, or is no whole number"
            ),
            (
                #"{"log": {"entries": [{"request": {"method": "GET", "url": "http://a/"}, "response": {"status": 200, "_frames": [{}]}}]}}"#,
                "log.entries[0].response._frames[0]: needs at (microseconds) and base64"
            ),
        ])
    func mistakes(_ text: String, _ expected: String) {
        #expect {
            _ = try Archive(Array(text.utf8))
        } throws: { "\($0)".hasPrefix(expected) }
    }
}
