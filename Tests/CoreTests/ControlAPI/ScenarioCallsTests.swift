import JSON
import Support
import Testing

@testable import ControlAPI

@Suite("Scenario, while serving") struct ScenarioCallsTests {
    static func scenario(_ rules: String) -> String {
        #"{"understudy":1,"agents":[{"arn":"*","auth":"any"}],"rules":["# + rules + "]}"
    }

    @Test("PUT replaces, PATCH adds in front, DELETE goes back to the library")
    func lifeCycle() throws {
        let stage = try ControlStage(Self.scenario(#"{"name":"a","reply":{"text":"library"}}"#))
        #expect(try stage.call().body == "library")
        #expect(stage.control("PUT", "scenario", Self.scenario(#"{"name":"b","reply":{"text":"put"}}"#)).0 == 200)
        #expect(try stage.call().body == "put")
        let added = #"{"understudy":1,"rules":[{"name":"c","reply":{"text":"patched"}}]}"#
        let (status, whole) = stage.control("PATCH", "scenario", added)
        #expect(status == 200)
        #expect(whole["rules"]?.array?.compactMap { $0["name"]?.text } == ["c", "b"])
        #expect(try stage.call().body == "patched")
        let changed = #"{"understudy":1,"rules":[{"name":"c","reply":{"text":"again"}}]}"#
        #expect(stage.control("PATCH", "scenario", changed).1["rules"]?.array?.count == 2)
        // What joins a scenario need not say its version; what replaces it has to.
        let part = #"{"$schema":"s.json","rules":[{"name":"c","reply":{"text":"again"}}]}"#
        #expect(stage.control("PATCH", "scenario", part).0 == 200)
        #expect(stage.control("PUT", "scenario", part).0 == 400)
        #expect(stage.control("PATCH", "scenario", #"{"understudy":2}"#).0 == 400)
        #expect(try stage.call().body == "again")
        #expect(stage.control("DELETE", "scenario").0 == 200)
        #expect(try stage.call().body == "library")
        #expect(stage.control("GET", "scenario").1["rules"]?[0]?["name"] == "a")
    }

    @Test(
        "through a space the scenario is told, and not changed",
        arguments: [("/_space/a", ""), ("", "X-Understudy-Space: a\r\n"), ("", "Host: a.localhost\r\n")])
    func throughSpace(prefix: String, fields: String) throws {
        let stage = try ControlStage(Self.scenario(#"{"name":"a","reply":{"text":"library"}}"#))
        for method in ["PUT", "PATCH", "DELETE"] {
            let body = method == "DELETE" ? "" : Self.scenario(#"{"name":"b","reply":{"text":"other"}}"#)
            let (status, answer) = stage.control(method, "scenario", body, fields, prefix: prefix)
            #expect(status == 400)
            #expect(answer["error"]?.text?.contains("send \(method) /_understudy/scenario without a space") == true)
        }
        #expect(try stage.call().body == "library")
        let (status, whole) = stage.control("GET", "scenario", "", fields, prefix: prefix)
        #expect(status == 200 && whole["rules"]?[0]?["name"] == "a")
    }

    @Test(
        "a scenario with mistakes is refused with all of them, and the one before stays",
        arguments: [
            "", "{", #"{"understudy":2}"#, #"{"understudy":1,"rules":[{"reply":{}}],"x":1}"#,
            #"{"understudy":1,"rules":[{"reply":{"file":"/etc/passwd"}}]}"#,
        ])
    func refused(body: String) throws {
        let stage = try ControlStage(Self.scenario(#"{"reply":{"text":"library"}}"#))
        for method in ["PUT", "PATCH"] {
            let (status, answer) = stage.control(method, "scenario", body)
            #expect(status == 400)
            #expect(answer["error"]?.text?.isEmpty == false)
        }
        #expect(try stage.call().body == "library")
    }

    @Test("a fault that cannot be armed is a mistake with its place, and the scenario stays")
    func faultMistakes() throws {
        let stage = try ControlStage()
        let before = stage.control("GET", "scenario").1
        let (status, answer) = stage.control(
            "PUT", "scenario", #"{"understudy": 1, "faults": [{"fault": "stall"}]}"#)
        #expect(
            status == 400 && answer["mistakes"]?[0]?.text?.hasPrefix("body:1:30: faults[0]: where is missing") == true)
        #expect(stage.control("GET", "scenario").1 == before)
    }
}
