import Delivery
import JSON
import Support
import Testing
import Time

@testable import Journal

@Suite("A call as a span") struct CallSpanTests {
    private func span(_ headers: [(String, String)], status: Int = 200, outcome: Report.Outcome = .completed) -> Value {
        var call = Call(
            number: 7, space: "default", arrived: Instant(seconds: 100), request: .made("POST", "/a?b", headers),
            inFlight: 1)
        (call.operation, call.session) = ("InvokeAgentRuntime", "one")
        call.faults = [Call.Fault(name: "slow", fault: "latency")]
        call.reply = ReplyRecord(status: status, fields: .init(), body: Array("hello".utf8))
        let (arrival, ending) = (CallEvent(), CallEvent())
        arrival.setArrival(of: call)
        ending.setEnding(of: 7, Report(outcome: outcome, firstByte: 5, ended: 2_000_000))
        let bytes = arrival.bytes + ending.bytes
        let record = CallRecord(
            bytes: bytes, arrival: 0..<arrival.bytes.count, later: arrival.bytes.count..<bytes.count)
        var chance = SeededGenerator(seed: 1)
        return CallSpan.value(of: record, &chance)
    }

    private func attribute(_ name: String, _ span: Value) -> Value? {
        span["attributes"]?.array?.first { $0["key"]?.text == name }?["value"]
    }

    @Test("it is joined to its caller's by traceparent, else by X-Ray's field, and begins a trace without either")
    func joined() {
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        let w3c = span([("traceparent", "00-\(trace)-00f067aa0ba902b7-01")])
        #expect(w3c["traceId"]?.text == trace && w3c["parentSpanId"]?.text == "00f067aa0ba902b7")
        let amazon = span([("X-Amzn-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8")])
        #expect(amazon["traceId"]?.text == "5759e988bd862e3fe1be46a994272793")
        #expect(amazon["parentSpanId"]?.text == "53995c3f42cd8ad8")
        for nonsense in ["", "00-\(trace)-x-01", "00-00000000000000000000000000000000-00f067aa0ba902b7-01"] {
            let own = span([("traceparent", nonsense)])
            #expect(own["traceId"]?.text?.utf8.count == 32 && own["traceId"]?.text != trace)
            #expect(own["parentSpanId"] == nil && own["spanId"]?.text?.utf8.count == 16)
        }
    }

    @Test("it says when, what, by whom and how it went")
    func told() {
        let told = span([])
        #expect(told["name"]?.text == "InvokeAgentRuntime" && told["kind"]?.integer == 2)
        #expect(told["startTimeUnixNano"]?.text == "100000000000" && told["endTimeUnixNano"]?.text == "100002000000")
        #expect(attribute("http.response.status_code", told)?["intValue"]?.text == "200")
        #expect(attribute("url.path", told)?["stringValue"]?.text == "/a")
        #expect(attribute("session.id", told)?["stringValue"]?.text == "one")
        #expect(attribute("understudy.faults", told)?["arrayValue"]?["values"]?[0]?["stringValue"]?.text == "slow")
        #expect(told["status"] == [:])
    }

    @Test("what the server is to blame for is an error, what the caller is to blame for is none")
    func failed() {
        #expect(span([], status: 503)["status"] == ["code": 2])
        #expect(span([], outcome: .reset)["status"] == ["code": 2])
        #expect(span([], status: 403)["status"] == [:])
    }
}
