import JSON
import Support
import Testing

@Suite("End to end: the coach, signed") struct CoachTests {
    private static let coach = "coach_companion-0ZUOP04U5z"
    private static let secret = "understudy/coach/example/secret/key"

    private static func world(key: String = "AKIACOACHEXAMPLE0001", secret: String = secret) throws -> World {
        try World("coach", agents: "eu-west-1:732231126129", key: (key, secret, "eu-west-1"), speed: 100)
    }

    @Test("a talk of several turns, whose state is the session's own")
    func talk() throws {
        let world = try Self.world()
        func say(_ prompt: String, session: String = "a") throws -> String {
            let answer = try world.invoke(Self.coach, ["prompt": .string(prompt)], session: session)
            #expect(answer.status == 200, "\(answer.raw.body)")
            return answer.json.words
        }
        #expect(try say("hello") == "Welcome! I am your coach. What shall I call you?")
        #expect(try say("Anna") == "Nice to meet you, Anna. What is the one goal you want to reach?")
        #expect(try say("   ") == "Take your time. I am here when you are ready.")
        #expect(try say("🏃🏽‍♀️ 💪") == "🏃🏽‍♀️ 💪 says a lot! Tell me in words, too?")
        #expect(try say("Run 10 km") == "\"Run 10 km\" is a good goal. What is the first small step?")
        #expect(try say("I did it") == "Well done! That is turn 6 of our talk. What comes next?")
        #expect(try say("hello", session: "b") == "Welcome! I am your coach. What shall I call you?")
        let stopped = try world.stop(Self.coach, session: "a")
        #expect(stopped.status == 200, "\(stopped.raw)")
        let calls = try world.end()
        #expect(calls.count == 8 && calls.allSatisfy { $0["auth"]?["verdict"] == "allowed" })
        #expect(calls.last?["operation"] == "StopRuntimeSession")
        #expect(
            calls.allSatisfy {
                $0["request"]?["headers"]?["Authorization"]?.text == "[redacted]"
            })
        #expect(calls.allSatisfy { $0["principal"]?.text?.contains("AKIACOACHEXAMPLE0001") == true })
        #expect(world.signatures.count == 8)
        #expect(try world.journalHolds([Self.secret] + world.signatures) == [])
    }

    @Test("a wrong secret is refused with what the server computed, here and in the journal; its signature is not kept")
    func wrongSecret() throws {
        let world = try Self.world(secret: "wrong/secret")
        let answer = try world.invoke(Self.coach, ["prompt": "hello"])
        #expect(answer.status == 403 && answer.raw.field("x-amzn-ErrorType")?.contains("InvalidSignature") == true)
        #expect(answer.raw.body.contains("Canonical String"))
        let calls = try world.end()
        #expect(calls[0]["auth"]?["canonicalRequest"]?.text?.hasPrefix("POST\n/runtimes/arn%253Aaws%253A") == true)
        #expect(calls[0]["auth"]?["stringToSign"]?.text?.hasPrefix("AWS4-HMAC-SHA256\n") == true)
        #expect(try world.journalHolds([Self.secret, "wrong/secret"] + world.signatures) == [])
    }

    @Test("a key that may not end a session may talk")
    func denied() throws {
        let world = try Self.world(key: "AKIACOACHEXAMPLE0003", secret: "understudy/coach/limited/secret/key")
        #expect(try world.invoke(Self.coach, ["prompt": "hello"]).status == 200)
        let stopped = try world.stop(Self.coach, session: "session")
        #expect(stopped.status == 403 && stopped.raw.field("x-amzn-ErrorType")?.contains("AccessDenied") == true)
        _ = try world.end()
    }
}
