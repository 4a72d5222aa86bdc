import Runtime
import Testing

@Suite("Service error") struct ServiceErrorTests {
    @Test("the table has every exception of the model, once")
    func names() {
        let names = ServiceError.catalogue.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(ServiceError.named("ThrottlingException")?.status == 429)
        #expect(ServiceError.named("ServiceQuotaExceededException")?.status == 402)
        #expect(ServiceError.named("RuntimeClientError")?.status == 424)
        #expect(ServiceError.named("NoSuchException") == nil)
    }
}
