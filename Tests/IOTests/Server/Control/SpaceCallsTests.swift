import JSON
import Support
import Testing

@testable import Server

@Suite("Space calls") struct SpaceCallsTests {
    @Test("a space is made, listed, addressed by its path, and dropped")
    func spaces() async throws {
        let server = try TestServer.emulating(
            #"{"understudy":1,"agents":[{"arn":"*","auth":"any"}],"rules":[{"reply":{"text":"x"}}]}"#)
        let client = try server.client()
        #expect(client.control("PUT", "spaces/a").0 == 200)
        #expect(client.control("PUT", "spaces/no.dots").0 == 400)
        #expect(
            client.control("GET", "spaces").1["spaces"]?.array?.compactMap { $0["name"]?.text } == ["default", "a"])
        #expect(client.control("DELETE", "spaces/a").0 == 200)
        #expect(client.control("DELETE", "spaces/a").0 == 404)
        _ = await server.stop()
    }
}
