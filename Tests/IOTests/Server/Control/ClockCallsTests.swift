import JSON
import Support
import Testing

@testable import Server

@Suite("Clock calls") struct ClockCallsTests {
    @Test("the clock is read, moved, set and stopped")
    func moves() async throws {
        let server = try TestServer.emulating(
            #"{"understudy":1,"agents":[{"arn":"*","auth":"any"}],"rules":[{"reply":{"text":"x"}}]}"#)
        let client = try server.client()
        let set = #"{"set":"2026-01-15T12:00:00Z","freeze":true}"#
        #expect(client.control("PUT", "clock", set).1["now"]?.text?.hasPrefix("2026-01-15T12:00:00") == true)
        #expect(client.control("GET", "clock").1["frozen"]?.bool == true)
        let advanced = client.control("PUT", "clock", #"{"advance":"59m"}"#).1["now"]?.text
        #expect(advanced?.hasPrefix("2026-01-15T12:59:00") == true)
        let back = client.control("PUT", "clock", #"{"advance":"-1h"}"#).1["now"]?.text
        #expect(back?.hasPrefix("2026-01-15T11:59:00") == true)
        _ = await server.stop()
    }

    @Test(
        "anything else moves nothing",
        arguments: [
            "{}", "[]", #"{"advance":"soon"}"#, #"{"set":"today"}"#, #"{"freeze":1}"#, #"{"advance":"1h","stop":true}"#,
            #"{"speed":0}"#, #"{"speed":-1}"#, #"{"speed":"fast"}"#, #"{"speed":1e9}"#, #"{"advance":"1h","speed":0}"#,
        ])
    func refused(body: String) async throws {
        let server = try TestServer.emulating(
            #"{"understudy":1,"agents":[{"arn":"*","auth":"any"}],"rules":[{"reply":{"text":"x"}}]}"#)
        let client = try server.client()
        _ = client.control("PUT", "clock", #"{"set":"2026-01-15T12:00:00Z","freeze":true}"#)
        #expect(client.control("PUT", "clock", body).0 == 400)
        #expect(client.control("GET", "clock").1["now"]?.text == "2026-01-15T12:00:00.000000000Z")
        _ = await server.stop()
    }

    @Test(
        "what is wrong with it is said",
        arguments: [
            (#"{"advance":"soon"}"#, #"“advance” is a duration: "59m", or "-59m" to go back; not "soon""#),
            (#"{"set":2026}"#, #"“set” is a time: "2026-01-15T12:00:00Z"; not 2026"#),
            (#"{"freeze":1}"#, "“freeze” is true or false; not 1"),
            (#"{"speed":"fast"}"#, #"“speed” is a number from 0.001 to 1000000: 2 is twice as fast; not "fast""#),
            (#"{"stop":true}"#, "“stop” is none of advance, set, freeze, speed"),
        ])
    func reasons(body: String, reason: String) async throws {
        let server = try TestServer.emulating(
            #"{"understudy":1,"agents":[{"arn":"*","auth":"any"}],"rules":[{"reply":{"text":"x"}}]}"#)
        #expect(try server.client().control("PUT", "clock", body).1["error"]?.text == reason)
        _ = await server.stop()
    }

    @Test("a space's speed is set beside its time, and what the journal says was due follows it")
    func speed() async throws {
        let server = try TestServer.emulating(
            """
            {"understudy":1,"agents":[{"arn":"*","auth":"any"}],
             "rules":[{"reply":{"delay":"1h","stream":{"every":"1h","events":[{"text":"a"},{"text":"b"}]}}}]}
            """)
        let client = try server.client()
        let answer = client.control("PUT", "clock", #"{"set":"2026-01-15T12:00:00Z","freeze":true,"speed":1000000}"#).1
        #expect(answer["speed"]?.integer == 1_000_000 && answer["frozen"]?.bool == true)
        #expect(client.call().body == "data: a\n\ndata: b\n\n")
        let call = await server.when { $0.log.record(of: 1)?.ending == nil ? nil : $0.log.record(of: 1)?.json }
        #expect(call["frames"]?.array?.map { $0["due"]?.double } == [3.6, 7.2])
        #expect(client.control("GET", "clock", "", "X-Understudy-Space: other\r\n").1["speed"]?.integer == 1)
        _ = client.control("POST", "reset")
        #expect(client.control("GET", "clock").1["speed"]?.integer == 1)
        _ = await server.stop()
    }
}
