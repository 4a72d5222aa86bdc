import JSON
import Support
import Testing

@testable import Server

@Suite("Scenario, while serving") struct ScenarioCallsTests {
    static func scenario(_ rules: String) -> String {
        #"{"understudy":1,"agents":[{"arn":"*","auth":"any"}],"rules":["# + rules + "]}"
    }

    @Test("PUT replaces, PATCH adds in front, DELETE goes back to the library")
    func lifeCycle() async throws {
        let server = try TestServer.emulating(Self.scenario(#"{"name":"a","reply":{"text":"library"}}"#))
        let client = try server.client()
        #expect(client.call().body == "library")
        #expect(client.control("PUT", "scenario", Self.scenario(#"{"name":"b","reply":{"text":"put"}}"#)).0 == 200)
        #expect(client.call().body == "put")
        let added = #"{"understudy":1,"rules":[{"name":"c","reply":{"text":"patched"}}]}"#
        let (status, whole) = client.control("PATCH", "scenario", added)
        #expect(status == 200)
        #expect(whole["rules"]?.array?.compactMap { $0["name"]?.text } == ["c", "b"])
        #expect(client.call().body == "patched")
        let changed = #"{"understudy":1,"rules":[{"name":"c","reply":{"text":"again"}}]}"#
        #expect(client.control("PATCH", "scenario", changed).1["rules"]?.array?.count == 2)
        #expect(client.call().body == "again")
        #expect(client.control("DELETE", "scenario").0 == 200)
        #expect(client.call().body == "library")
        #expect(client.control("GET", "scenario").1["rules"]?[0]?["name"] == "a")
        _ = await server.stop()
    }

    @Test(
        "a scenario with mistakes is refused with all of them, and the one before stays",
        arguments: [
            "", "{", #"{"understudy":2}"#, #"{"understudy":1,"rules":[{"reply":{}}],"x":1}"#,
            #"{"understudy":1,"rules":[{"reply":{"file":"/etc/passwd"}}]}"#,
        ])
    func refused(body: String) async throws {
        let server = try TestServer.emulating(Self.scenario(#"{"reply":{"text":"library"}}"#))
        let client = try server.client()
        for method in ["PUT", "PATCH"] {
            let (status, answer) = client.control(method, "scenario", body)
            #expect(status == 400)
            #expect(answer["error"]?.text?.isEmpty == false)
        }
        #expect(client.call().body == "library")
        _ = await server.stop()
    }

    @Test("a fault that cannot be armed is a mistake with its place, and the scenario stays")
    func faultMistakes() async throws {
        let server = try TestServer.emulating()
        let client = try server.client()
        let before = client.control("GET", "scenario").1
        let (status, answer) = client.control(
            "PUT", "scenario", #"{"understudy": 1, "faults": [{"fault": "stall"}]}"#)
        #expect(
            status == 400 && answer["mistakes"]?[0]?.text?.hasPrefix("body:1:30: faults[0]: where is missing") == true)
        #expect(client.control("GET", "scenario").1 == before)
        _ = await server.stop()
    }
}
