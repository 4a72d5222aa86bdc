import JSON
import Support
import Testing

@testable import Server

@Suite("Health") struct HealthTests {
    @Test("the server says that it is well, and how its journal is")
    func health() async throws {
        let server = try TestServer.emulating()
        let client = try server.client()
        client.call()
        let (status, health) = client.control("GET", "health")
        #expect(status == 200)
        #expect(health["status"] == "ok")
        #expect(health["version"] == "0.1.0")
        #expect(health["inFlight"] == 0)
        #expect(health["journal"]?["calls"] == 1)
        #expect(health["journal"]?["failure"] == .null)
        #expect(await server.stop().count == 1)
    }
}
