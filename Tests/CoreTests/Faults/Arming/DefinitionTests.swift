import Testing

@testable import Faults

@Suite("Definition") struct DefinitionTests {
    private func strikes(_ fault: String, _ candidate: FaultCandidate) throws -> Bool {
        var book = try Bending.book(fault)
        return !book.decide(candidate).isEmpty
    }

    @Test(
        "whom it concerns: agent by id or ARN, endpoint, operation",
        arguments: [
            (#""agent": "hosted_agent-*""#, true), (#""agent": "other-*""#, false), (#""agent": "*""#, true),
            (#""agent": "hosted_agent-Ab12Cd34Ef""#, true), (#""agent": "hosted_agent-Ab12Cd34E""#, false),
            (#""agent": "arn:aws:bedrock-agentcore:us-west-2:*:runtime/hosted*""#, true),
            (#""agent": "arn:aws:bedrock-agentcore:eu-west-1:*""#, false),
            (#""endpoint": "DEFAULT""#, true), (#""endpoint": "prod""#, false), (#""endpoint": "D?FAULT""#, true),
            (#""operation": "InvokeAgentRuntime""#, true), (#""operation": "StopRuntimeSession""#, false),
            (#""operation": "*Runtime""#, true),
        ])
    func concerns(filter: String, isStruck: Bool) throws {
        #expect(try strikes(#"{"fault": "hang", \#(filter)}"#, Bending.candidate()) == isStruck)
    }

    @Test("only what it concerns is counted")
    func counted() throws {
        var book = try Bending.book(
            #"{"fault": "hang", "operation": "InvokeAgentRuntime", "endpoint": "prod", "on": {"calls": "2"}}"#)
        #expect(
            Bending.fates(&book, calls: 3, Bending.candidate(operation: "StopRuntimeSession", endpoint: "prod"))
                == "..."
        )
        #expect(Bending.fates(&book, calls: 3) == "...")
        #expect(Bending.fates(&book, calls: 3, Bending.candidate(endpoint: "prod")) == ".x.")
    }

    @Test("all that is wrong with an entry is said at once")
    func mistakes() throws {
        #expect(
            try Bending.mistakes(#"{"fault": "reset", "att": "frame 3", "on": {"calls": "4-2", "chance": 0}}"#) == [
                #""at" is missing"#, #"att: "att" is no parameter of "reset"; did you mean "at"?"#,
                #"on.calls: "4-2" ends before it begins: it can never hold; calls are written "1", "2-4", "5+", "every 3", or several of those with commas"#,
                "on.chance: with a chance of 0 it can never strike",
            ])
    }

    @Test("a pattern is everything, one name, or a glob")
    func patterns() {
        #expect(NamePattern(nil) == .everything && NamePattern("*") == .everything)
        #expect(NamePattern("a") == .exactly("a"))
        #expect(NamePattern("a*").matches("ab") && !NamePattern("a?").matches("a") && NamePattern("*").matches(""))
    }
}
