@testable import Emulator
import Testing

@Suite("Operation") struct OperationTests {
    @Test("no two operations answer the same method on the same path, and each names its IAM action")
    func catalogue() {
        let doors = Operation.catalogue.flatMap { $0.routes.map { "\($0.method) \($0.tail)" } }
        #expect(Set(doors).count == doors.count)
        #expect(Operation.stopRuntimeSession.action == "bedrock-agentcore:StopRuntimeSession")
    }
}
