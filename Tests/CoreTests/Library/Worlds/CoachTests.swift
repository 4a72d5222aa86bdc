import JSON
import Testing

@Suite("The coach world") struct CoachTests {
    private func words(_ text: String?) throws -> String? {
        try JSON.Value.parse(#require(text))["response"]?["content"]?[0]?["text"]?.text
    }

    @Test("a conversation from hello to progress")
    func conversation() throws {
        let talk = try World.conversation("coach", with: "coach_companion-0ZUOP04U5z")
        #expect(try words(talk.text(#"{"prompt": "Hello"}"#)) == "Welcome! I am your coach. What shall I call you?")
        #expect(
            try words(talk.text(#"{"prompt": "Anna"}"#))
                == "Nice to meet you, Anna. What is the one goal you want to reach?")
        let goal = try JSON.Value.parse(#require(talk.text(#"{"prompt": "Run 10 km"}"#)))
        #expect(goal["goal"]?["text"] == "Run 10 km" && goal["goal"]?["created"] == "2026-01-15T12:00:00.000000000Z")
        let progress = try JSON.Value.parse(#require(talk.text(#"{"prompt": "I did it"}"#)))
        #expect(progress["progress"]?["turn"] == 4)
        #expect(talk.rule(#"{"prompt": "hm"}"#) == "check in")
        #expect(talk.rule(#"{"prompt": "hm"}"#) == "coaching")
        #expect(talk.rule(#"{"prompt": "I want a new goal"}"#) == "new goal" && talk.state == "asked-goal")
        #expect(talk.rule(#"{"prompt": "Swim"}"#) == "goal given" && talk.state == "coaching")
    }

    @Test(
        "odd input is answered in any state, and leaves it alone",
        arguments: ["start", "asked-name", "asked-goal", "coaching"])
    func oddInput(state: String) throws {
        let talk = try World.conversation("coach", with: "coach_companion-0ZUOP04U5z")
        talk.state = state
        let long = String(repeating: "a very long story\n", count: 300)
        for (body, rule) in [
            (JSON.Value.object([]), "no prompt"), (["prompt": ""], "empty"), (["prompt": " \n\t"], "empty"),
            (["prompt": "💪🏽 🎉❤️👩‍👩‍👧"], "emoji only"), (["prompt": .string(long)], "very long"),
            (["prompt": "What about the weather?"], "off topic"), (["prompt": "BITCOIN!"], "off topic"),
        ] {
            #expect(talk.rule(body.json()) == rule)
            #expect(talk.state == state)
        }
    }

    @Test(
        "what is said is answered before where the talk stands",
        arguments: [
            ("How does this work?", "onboarding"), ("May I double my insulin dose?", "medication"),
            ("Please be stricter", "coaching style"), ("Walk 30 minutes every day", "realistic goal"),
            ("How do I keep the weight off?", "maintenance goal"), ("What is the next phase?", "transition goal"),
            ("lose 20 kg in two weeks", "unrealistic goal"), ("I finished it", "progress"),
            ("I did not go", "setback"), ("The scale has not moved", "plateau"), ("I reached my goal!", "victory"),
        ])
    func said(prompt: String, rule: String) throws {
        for state in ["start", "asked-name", "asked-goal", "coaching"] {
            let talk = try World.conversation("coach", with: "coach_companion-0ZUOP04U5z")
            talk.state = state
            let answer = try JSON.Value.parse(
                #require(talk.text(JSON.Value.object([.init("prompt", .string(prompt))]).json())))
            #expect(answer["topic"]?.text == rule)
        }
    }

    @Test("a number, or a letter among symbols, is a message like any other")
    func noEmoji() throws {
        let talk = try World.conversation("coach", with: "coach_companion-0ZUOP04U5z")
        #expect(talk.rule(#"{"prompt": "42"}"#) == "greeting")
        #expect(talk.rule(#"{"prompt": "💪 a"}"#) == "name given")
    }
}
