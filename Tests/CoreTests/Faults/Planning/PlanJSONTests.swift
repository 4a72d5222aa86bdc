import JSON
import Testing

@testable import Faults

@Suite("Plan JSON") struct PlanJSONTests {
    @Test("the faults, and what strikes each call")
    func json() throws {
        let book = try Bending.book(
            #"{"fault": "latency", "name": "so \"slow\"", "delay": "1320417us", "on": {"calls": "2"}}"#,
            #"{"fault": "cold-start", "on": {"calls": "2-3"}}"#)
        let json = book.plan(calls: 3).json
        #expect(
            String(decoding: json, as: UTF8.self) == #"""
                {"seed":7,"space":"default","faults":[{"name":"so \"slow\"","fault":"latency","counted":"agent"},{"name":"cold-start","fault":"cold-start","counted":"agent","condition":"only on the call that starts a session"}],"calls":[
                {"call":1,"strikes":[]},
                {"call":2,"strikes":[{"name":"so \"slow\"","delay":1320.417},{"name":"cold-start","if":true}]},
                {"call":3,"strikes":[{"name":"cold-start","if":true}]}
                ]}

                """#)
        #expect(try Value.parse(json)["calls"]?.array?.count == 3)
    }

    @Test("it is JSON, whatever there is to tell")
    func always() throws {
        #expect(try Value.parse(try Bending.book().plan(calls: 0).json)["calls"]?.array == [])
        #expect(
            try Value.parse(try Bending.book(#"{"fault": "hang"}"#).plan(calls: 200).json)["calls"]?.array?.count == 200
        )
        let huge = try Bending.book(seed: .max).plan(calls: 1).json
        #expect(try Value.parse(huge)["seed"] == .number("18446744073709551615"))
    }
}
