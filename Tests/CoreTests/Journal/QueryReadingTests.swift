import Bytes
import JSON
import Journal
import Testing

@Suite("Query, read") struct QueryReadingTests {
    @Test(
        "what cannot be meant is refused by name",
        arguments: [
            (
                [("stauts", "404")],
                "stauts: is not a parameter; there are agent, session, user, operation, rule, space, trace, status, outcome, "
                    + "fault, unmatched, since, until, limit"
            ),
            ([("status", "")], "status: is empty"),
            ([("status", "404"), ("status", "500")], "status: is given twice"),
            ([("status", "abc")], "status: \"abc\" is none of 404, 4xx, 200-299"),
            ([("status", "299-200")], "status: \"299-200\" is none of 404, 4xx, 200-299"),
            ([("status", "404,")], "status: \"\" is none of 404, 4xx, 200-299"),
            ([("status", "1-2-3")], "status: \"1-2-3\" is none of 404, 4xx, 200-299"),
            ([("status", "-404")], "status: \"-404\" is none of 404, 4xx, 200-299"),
            ([("status", "99999999999999999999")], "status: \"99999999999999999999\" is none of 404, 4xx, 200-299"),
            (
                [("outcome", "finished")],
                "outcome: \"finished\" is none of completed, client-closed, reset, closed, hung, refused, session-stopped"
            ),
            (
                [("since", "yesterday")],
                "since: \"yesterday\" is neither the number of a call nor a moment like 2026-01-15T12:00:00Z"
            ),
            (
                [("until", "2026-02-30T12:00:00Z")],
                "until: \"2026-02-30T12:00:00Z\" is neither the number of a call nor a moment like 2026-01-15T12:00:00Z"
            ),
            (
                [("since", "-1")],
                "since: \"-1\" is neither the number of a call nor a moment like 2026-01-15T12:00:00Z"
            ),
            ([("limit", "0")], "limit: \"0\" is not a count of at least 1"),
            ([("limit", "ten")], "limit: \"ten\" is not a count of at least 1"),
        ] as [([(String, String)], String)])
    func refused(parameters: [(String, String)], message: String) {
        let error = #expect(throws: QueryError.self) { try Query(parameters: parameters) }
        #expect(error?.description == message)
    }

    @Test("a match says the same in JSON, with numbers and lists")
    func match() throws {
        let match = try Value.parse(#"{"agent":"*search*","status":["5xx",429],"since":3,"limit":2}"#)
        let parameters = [("agent", "*search*"), ("status", "5xx,429"), ("since", "3"), ("limit", "2")]
        #expect(try Query(match: match) == Query(parameters: parameters))
        #expect(try Query(match: [:]) == Query())
    }

    @Test(
        "a match of another kind is refused",
        arguments: [
            ("[]", "match: must be an object, not an array"), (#"{"status":null}"#, "status: must be a text, not null"),
            (#"{"agent":{"equals":"a"}}"#, "agent: must be a text, not an object"),
            (#"{"status":[["4xx"]]}"#, "status: must be a text, not an array"),
            (#"{"status":[]}"#, "status: is empty"), (#"{"limit":1.5}"#, "limit: \"1.5\" is not a count of at least 1"),
        ])
    func refusedMatch(text: String, message: String) throws {
        let match = try Value.parse(text)
        let error = #expect(throws: QueryError.self) { try Query(match: match) }
        #expect(error?.description == message)
    }
}
