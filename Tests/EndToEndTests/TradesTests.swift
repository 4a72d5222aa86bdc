import JSON
import Support
import Testing

@Suite("End to end: the trades, from agent to agent") struct TradesTests {
    private let world: World

    init() throws {
        world = try World(
            "trades", agents: "us-west-2:444455556666",
            key: ("AKIATRADESEXAMPLE001", "understudy/trades/example/secret/key", "us-west-2"))
    }

    @Test("a document becomes text, fields, a verdict and an exception; each answer is the next one's input")
    func chain() throws {
        let document: JSON.Value = [
            "document_id": "d-1", "document_path": "s3://in/d-1.pdf", "source_type": "COUNTERPARTY",
            "correlation_id": "c-1",
        ]
        let adapted = try world.invoke("pdf_adapter_agent-Qk3Vt8LmZ2", document).json
        #expect(adapted["correlation_id"] == "c-1" && adapted["pages"] == 2)
        let extracted = try world.invoke("trade_extraction_agent-Yw7Rb4NcX1", adapted).json
        let trade = try #require(extracted["trade"])
        // The digits of the scenario, not a number that was read and printed.
        #expect(trade["notional"] == .number("9000000.00") && extracted["correlation_id"] == "c-1")
        func match(_ differences: JSON.Value) throws -> JSON.Value {
            try world.invoke(
                "trade_matching_agent-Hd9Fs2KpJ6",
                ["bank_trade": trade, "counterparty_trade": trade, "differences": differences]
            ).json
        }
        #expect(try match([])["match_classification"] == "MATCHED")
        #expect(try match(["maturity_date"])["match_classification"] == "REVIEW_REQUIRED")
        let broken = try match(["notional"])
        #expect(broken["match_classification"] == "BREAK")
        #expect(broken["reasons"]?[0] == "the notional is 9000000.00 here and 9000000.00 there")
        let exception = try world.invoke("exception_management_agent-Tm5Gq0WzB3", broken)
        #expect(exception.json["severity"] == "HIGH" && exception.json["trade_id"] == "GCS-382857")
        let none = try world.invoke("exception_management_agent-Tm5Gq0WzB3", try match([]))
        #expect(none.status == 400 && none.raw.body.contains("match_classification MATCHED is not an exception"))
        let calls = try world.end()
        #expect(
            calls.compactMap { $0["rule"]?.text } == [
                "adapted", "extracted", "matched", "dates differ", "amounts differ", "break", "matched",
                "not an exception",
            ])
        #expect(calls.allSatisfy { $0["outcome"] == "completed" })
    }

    @Test("what is no PDF: the agent refuses, and the caller sees what the platform makes of it")
    func refused() throws {
        let answer = try world.invoke("pdf_adapter_agent-Qk3Vt8LmZ2", ["document_path": "s3://in/d-1.docx"])
        #expect(answer.status == 424)
        _ = try world.end()
    }
}
