import Delivery
import JSON
import Testing

@Suite("The restaurant world") struct RestaurantTests {
    @Test("searching: sushi, pizza with a filter, the next page, nothing, too busy, no prompt")
    func search() throws {
        let talk = try World.conversation("restaurant", with: "restaurant_search_agent-ABCDEFGHIJ")
        let found = try JSON.Value.parse(talk.text(#"{"prompt": "SUSHI in Munich"}"#) ?? "")
        #expect(found["results"]?[0]?["name"] == "Sushi Kaito" && found["query"] == "SUSHI in Munich")
        #expect(found["session"]?.text == talk.session)
        #expect(talk.rule(#"{"prompt": "more"}"#) == "the second page")
        let pizza = talk.text(#"{"prompt": "pizza", "filters": {"diet": ["vegan"], "city": "Berlin"}}"#)
        #expect(pizza?.contains(#""city": "Berlin""#) == true)
        #expect(talk.rule(#"{"prompt": "pizza", "filters": {"diet": []}}"#) == "nothing found")
        #expect(talk.text(#"{"prompt": "three in the morning"}"#) == "ThrottlingException: Too many hungry people")
        #expect(talk.text("{}") == "agent error 422")
        #expect(talk.rule(#"{"prompt": "sushibar"}"#) == "nothing found")
    }

    @Test("reasoning is a paced stream that names what was found")
    func reasoning() throws {
        let talk = try World.conversation("restaurant", with: "restaurant_search_result_reasoning_agent-MSns5D6SLE")
        let body = #"{"results": [{"name": "Sushi Kaito", "rating": 4.7}]}"#
        guard case .stream(let script, let firstAfter) = talk.ask(body).reply?.body else {
            Issue.record("no stream")
            return
        }
        let frames = script.frames.map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(firstAfter == 400_000_000 && script.jitter == 0.2)
        #expect(frames[1] == "data: {\"type\": \"text\", \"text\": \"Sushi Kaito \"}\n\n")
        #expect(frames[3] == "data: {\"type\": \"text\", \"text\": \"(4.7).\"}\n\n")
        #expect(
            frames[4]
                == "data: {\"type\": \"done\", \"recommendation\": {\"name\": \"Sushi Kaito\", \"rating\": 4.7}}\n\n")
        #expect(script.frames.map(\.offset) == [0, 30, 60, 90, 240].map { $0 * 1_000_000 })
        #expect(talk.rule(#"{"results": []}"#) == "no results to reason about")
    }

    @Test("both agents stand behind the same issuer, and the guest can sign in")
    func access() throws {
        let scenario = try World.scenario("restaurant")
        for agent in scenario.agents {
            guard case .jwt(let authorizer) = agent.auth else {
                Issue.record("\(agent.arn) is not behind JWT")
                continue
            }
            #expect(authorizer.allowedClients?.contains(scenario.users[0].clientId ?? "") == true)
        }
    }
}
