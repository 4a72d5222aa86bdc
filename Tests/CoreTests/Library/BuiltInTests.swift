import Emulator
import JSON
import Support
import Testing

@testable import Library
@testable import Rules

@Suite("The built-in library") struct BuiltInTests {
    @Test("the text in the program is the file in the repository, word for word")
    func text() throws {
        #expect(try Array(BuiltIn.text.utf8) == ScenarioFixtures.bytes("built-in"))
    }

    @Test("it accepts every agent, knows the published credentials and somebody who can sign in")
    func content() throws {
        let scenario = try #require(
            ScenarioFile.read(Array(BuiltIn.text.utf8), fileName: BuiltIn.name, .complete()).0)
        #expect(scenario.agents.map(\.arn) == ["*"] && scenario.agents[0].auth == .any)
        #expect(
            scenario.credentials.map { [$0.accessKeyId, $0.secretAccessKey] } == [
                ["AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"], ["test", "test"],
            ])
        #expect(scenario.users[0].username == "anna" && scenario.users[0].clientId == "understudy-client")
    }

    @Test("it repeats what it was told, as JSON or as a stream")
    func echo() throws {
        let scenario = try #require(
            ScenarioFile.read(Array(BuiltIn.text.utf8), fileName: BuiltIn.name, .complete()).0)
        let conversation = Conversation(
            try RuleBook(scenario), agent: "any_agent-0123456789", qualifier: "prod")
        #expect(
            conversation.text(#"{"prompt": "Hello"}"#)
                == #"{"response": {"role": "assistant", "content": [{"text": "Hello"}]}}"#)
        conversation.headers = ["accept": "text/event-stream"]
        let stream = try #require(conversation.text(#"{"prompt": "Hello you"}"#))
        #expect(stream.hasPrefix("data: \"Hello \"\n\ndata: \"you\"\n\ndata: {\"message\":"))
        #expect(stream.contains("Hello you") && stream.split(separator: "\n\n").count == 3)
    }
}
