import Runtime
import Testing

@Suite("Member limits") struct MemberLimitsTests {
    @Test("a session id of 33 to 256 characters passes")
    func accepted() {
        #expect(MemberLimit.runtimeSession.complaint(about: 33) == nil)
        #expect(MemberLimit.runtimeSession.complaint(about: 256) == nil)
    }

    @Test("a shorter or longer one gets the service's sentence")
    func refused() {
        #expect(
            MemberLimit.runtimeSession.complaint(about: 32)
                == "1 validation error detected: Value at 'runtimeSessionId' failed to satisfy constraint: "
                + "Member must have length greater than or equal to 33")
        #expect(MemberLimit.runtimeSession.complaint(about: 257)?.hasSuffix("less than or equal to 256") == true)
        #expect(MemberLimit.runtimeSession.complaint(about: 0) != nil)
    }

    @Test("every limited header is named once, in lower case")
    func names() {
        let names = MemberLimit.invocation.map { $0.header.description }
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0 == $0.lowercased() })
    }
}
