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

    @Test("an account is twelve digits, beside an id and beside an ARN")
    func account() {
        for account in ["12", "12345678901x", "1234567890123", " 732231126129"] {
            for segment in ["coach_companion-0ZUOP04U5z", escaped] {
                #expect(throws: AgentReference.Mistake.accountMalformed) {
                    try AgentReference.read(segment: segment.utf8, account: account).get()
                }
            }
        }
        #expect(throws: Never.self) { try AgentReference.read(segment: escaped.utf8, account: "").get() }
    }

    @Test("a pasted line feed or a broken escape names no agent")
    func unreadable() {
        for segment in [escaped + "%0A", "%zz", "%FF"] {
            #expect(throws: AgentReference.Mistake.self) {
                try AgentReference.read(segment: segment.utf8, account: nil).get()
            }
        }
    }
}
