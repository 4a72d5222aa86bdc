import JSON
import Testing

@Suite("Writing rules") struct RuleWriterTests {
    @Test("a condition is written as it is read")
    func condition() throws {
        let text =
            #"{"when":{"payload":[{"path":"$.a","contains":"x","matches":"y"}],"header":{"X-A":{"exists":true}},"state":"s"},"then":"t","reply":{"echo":true}}"#
        #expect(try fileHolding("\"rules\": [\(text)]").rules[0].written.json() == text)
    }

    @Test("a fault is written as it is read")
    func fault() throws {
        let text = #"{"name":"f","on":{"calls":"1"},"fault":"latency","delay":"1s","at":"end"}"#
        #expect(try fileHolding("\"faults\": [\(text)]").faults[0].written.json() == text)
    }
}
