import Testing

@testable import Rules

@Suite("Fields that the server sets") struct ManagedFieldTests {
    @Test("names have no upper and lower case")
    func names() {
        #expect(["Content-Length", "transfer-encoding", "CONNECTION"].allSatisfy(HeaderLine.isManaged))
        #expect(!["Content-Type", "X-Connection", ""].contains(where: HeaderLine.isManaged))
    }
}
