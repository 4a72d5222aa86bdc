import Bytes
import Delivery
import JSON
import SSEWire
import Support
import Testing

@testable import ControlAPI

@Suite("Live calls") struct LiveCallsTests {
    /// The events that a stream has at this moment, and when it wants to be asked again.
    private func events(_ source: inout any ControlSource, at now: Int64 = 0) -> (names: [String], until: Int64) {
        var bytes: [UInt8] = []
        for _ in 0..<10_000 {
            switch source.next(now: now) {
            case .steps(let steps): bytes += ControlStage.parts(of: steps).body
            case .waits(let until):
                var parser = Parser()
                return (parser.feed(bytes).map { "\($0.event ?? "comment") \($0.id ?? "")" }, until)
            }
        }
        return (["no end"], 0)
    }

    private func stream(_ stage: ControlStage, _ query: String) throws -> any ControlSource {
        try #require(stage.reply("GET", "calls/stream\(query)").source)
    }

    @Test("a summary is told without fields and bodies, and once of a call that is over")
    func summary() throws {
        let stage = try ControlStage()
        var source = try stream(stage, "?as=summary&status=200")
        try stage.call()
        #expect(events(&source).names == ["arrived 1"])
        stage.journal.ended(1, Report(outcome: .completed, firstByte: 1, ended: 2))
        #expect(events(&source).names == ["ended 1"])
        try stage.call()
        stage.journal.ended(2, Report(outcome: .completed, firstByte: 1, ended: 2))
        #expect(events(&source, at: 30_000_000).names == ["ended 2"])
        let whole = stage.journal.log.record(of: 1)
        var json: [UInt8] = []
        whole?.appendJSON(to: &json, .summary)
        let told = try Value.parse(json)
        #expect(told["number"] == 1 && told["status"] == 200 && told["outcome"] == "completed")
        #expect(told["request"]?["method"] == "POST" && told["request"]?["headers"] == nil)
        #expect(told["reply"] == nil && told["frames"] == nil)
    }

    @Test("who looks on gets so many events a period, and goes on with the newest when he is far behind")
    func paced() throws {
        let stage = try ControlStage()
        var source = try stream(stage, "?as=summary")
        for _ in 0..<100 { try stage.call() }
        let first = events(&source)
        #expect(first.names.count == 32 && first.until == 20_000_000)
        #expect(events(&source).names.isEmpty)
        #expect(events(&source, at: 20_000_000).names.count == 32)
        #expect(events(&source, at: 30_000_000).names.isEmpty)
        for _ in 0..<3_000 { try stage.call() }
        #expect(events(&source, at: 40_000_000).names == ["missed "])
        try stage.call()
        #expect(events(&source, at: 60_000_000).names == ["arrived 3101"])
    }

    @Test("whoever asks for all events is told that the journal was emptied")
    func cleared() throws {
        let stage = try ControlStage()
        var (all, calls) = (try stream(stage, "?events=all"), try stream(stage, ""))
        try stage.call()
        stage.journal.clear(isRestart: false)
        #expect(events(&all).names == ["cleared "])
        #expect(events(&calls).names.isEmpty)
    }

    @Test("what is not known is refused", arguments: ["as=all", "events=some", "events=all&events=", "as="])
    func refused(query: String) throws {
        #expect(try ControlStage().control("GET", "calls/stream?\(query)").0 == 400)
    }

    @Test("the calls before a number are had without looking at those behind it")
    func pages() throws {
        let stage = try ControlStage()
        for _ in 0..<20 { try stage.call() }
        var source = try #require(stage.reply("GET", "calls?as=summary&until=15&limit=3").source)
        var body: [UInt8] = []
        for _ in 0..<100 {
            guard case .steps(let steps) = source.next(now: 0) else { continue }
            body += ControlStage.parts(of: steps).body
            if case .end? = steps.last { break }
        }
        let numbers = try Value.parse(body)["calls"]?.array?.compactMap { $0["number"]?.integer }
        #expect(numbers == [13, 14, 15])
    }
}
