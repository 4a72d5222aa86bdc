import JSON
import Testing

@testable import ControlAPI

@Suite("Control table") struct ControlTableTests {
    @Test("an unknown control call is told which there are", arguments: ["", "nothing", "calls/1/2", "health/x"])
    func unknown(path: String) throws {
        let (status, answer) = try ControlStage().control("GET", path)
        #expect(status == 404)
        #expect(answer["calls"]?.array?.count == 37)
        #expect(answer["calls"]?[0] == "GET /_understudy/health")
        #expect(answer["calls"]?.array?.contains("GET /_understudy/calls/{number}") == true)
    }

    @Test("a method that a path does not have is refused with those it has; HEAD is GET's")
    func methods() throws {
        let stage = try ControlStage()
        let refused = ControlStage.parts(of: stage.reply("POST", "scenario").steps)
        #expect(refused.head?.status == 405)
        #expect(refused.head?.fields.value(of: "Allow") == "GET, HEAD, PUT, PATCH, DELETE")
        #expect(stage.control("HEAD", "health").0 == 200)
        #expect(stage.control("HEAD", "tokens").0 == 405)
        #expect(ControlStage.parts(of: stage.reply("GET", "tokens").steps).head?.fields.value(of: "Allow") == "POST")
    }

    @Test("HEAD of what comes piece by piece is the head of GET, and the end", arguments: ["calls/stream", "calls"])
    func headOfStream(path: String) throws {
        let stage = try ControlStage()
        try stage.call()
        let (get, head) = (stage.reply("GET", path), stage.reply("HEAD", path))
        #expect(get.source != nil && head.source == nil)
        #expect(head.steps.count == 2 && head.steps.first == get.steps.first && head.steps.last == .end)
    }
}
