import JSON
import Support
import Testing

@testable import ControlAPI

@Suite("Health") struct HealthTests {
    @Test("the server says that it is well, and how its journal is")
    func health() throws {
        let stage = try ControlStage()
        try stage.call()
        let (status, health) = stage.control("GET", "health")
        #expect(status == 200)
        #expect(health["status"] == "ok")
        #expect(health["version"] == "0.1.0")
        #expect(health["inFlight"] == 2)
        #expect(health["journal"]?["calls"] == 1)
        #expect(health["journal"]?["failure"] == .null)
        #expect(health["uptime"]?.double == 61.5)
    }
}
