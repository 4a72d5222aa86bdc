import Runtime
import Testing

@Suite("Agent reference") struct AgentReferenceTests {
    let escaped = "arn%3Aaws%3Abedrock-agentcore%3Aeu-west-1%3A732231126129%3Aruntime%2Fcoach_companion-0ZUOP04U5z"

    @Test("the SDKs' escaped ARN")
    func arn() throws {
        let reference = try AgentReference.read(segment: escaped.utf8, account: nil).get()
        #expect(reference.id == "coach_companion-0ZUOP04U5z")
        #expect(reference.region == "eu-west-1")
        #expect(reference.arnText(region: "us-east-1").contains("eu-west-1"))
    }

    @Test("an id needs the account beside it")
    func id() throws {
        let reference = try AgentReference.read(segment: "coach_companion-0ZUOP04U5z".utf8, account: "732231126129")
            .get()
        #expect(reference.region == nil)
        #expect(
            reference.arnText(region: "eu-west-1")
                == "arn:aws:bedrock-agentcore:eu-west-1:732231126129:runtime/coach_companion-0ZUOP04U5z")
        #expect(throws: AgentReference.Mistake.accountMissing) {
            try AgentReference.read(segment: "coach_companion-0ZUOP04U5z".utf8, account: nil).get()
        }
    }

    @Test("a pasted line feed, a broken escape or a short account name no agent")
    func unreadable() {
        for (segment, account) in [(escaped + "%0A", nil), ("%zz", nil), ("%FF", nil), ("agent", "12")] {
            #expect(throws: AgentReference.Mistake.self) {
                try AgentReference.read(segment: segment.utf8, account: account).get()
            }
        }
    }
}
