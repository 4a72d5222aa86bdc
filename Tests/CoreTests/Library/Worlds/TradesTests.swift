import JSON
import Testing

@Suite("The trades world") struct TradesTests {
    private func ask(_ agent: String, _ body: JSON.Value) throws -> JSON.Value {
        let talk = try World.conversation("trades", with: agent)
        return try JSON.Value.parse(#require(talk.text(body.json())))
    }

    @Test("a trade goes through the chain, each agent taking what the one before it said")
    func chain() throws {
        let page = try ask(
            "pdf_adapter_agent-Qk3Vt8LmZ2",
            ["document_path": "s3://confirmations/GCS-382857.pdf", "document_id": "d-1", "correlation_id": "c-1"])
        #expect(page["document_id"] == "d-1" && page["pages"] == 2)
        let extracted = try ask("trade_extraction_agent-Yw7Rb4NcX1", page)
        #expect(extracted["trade"]?["notional"] == .number("9000000.00") && extracted["correlation_id"] == "c-1")
        #expect(extracted["success"] == true && extracted["confidence_score"] == .number("0.97"))
        let trade = try #require(extracted["trade"])
        let broken = try ask(
            "trade_matching_agent-Hd9Fs2KpJ6",
            [
                "bank_trade": trade, "counterparty_trade": ["notional": 9_500_000],
                "differences": ["maturity_date", "notional"],
            ])
        #expect(broken["match_classification"] == "BREAK" && broken["trade_id"] == "GCS-382857")
        #expect(broken["reasons"]?[0] == "the notional is 9000000.00 here and 9500000 there")
        let exception = try ask("exception_management_agent-Tm5Gq0WzB3", broken)
        #expect(exception["severity"] == "HIGH" && exception["trade_id"] == "GCS-382857")
        #expect(exception["exception_id"]?.text?.utf8.count == 36 && exception["exception_logged"] == true)
    }

    @Test("what extraction cannot read has no classification, and is logged as an exception all the same")
    func unread() throws {
        let page = try ask(
            "pdf_adapter_agent-Qk3Vt8LmZ2", ["document_path": "s3://in/scan-7.pdf", "document_id": "scan-7"])
        let failed = try ask("trade_extraction_agent-Yw7Rb4NcX1", page)
        #expect(failed["success"] == false && failed["trade_id"] == nil && failed["match_classification"] == nil)
        let exception = try ask("exception_management_agent-Tm5Gq0WzB3", failed)
        #expect(exception["exception_logged"] == true && exception["document_id"] == "scan-7")
        #expect(try ask("trade_extraction_agent-Yw7Rb4NcX1", [:])["success"] == false)
    }

    @Test(
        "the matching agent judges by the payload",
        arguments: [
            (#"{"counterparty_trade": {}, "differences": []}"#, "MATCHED"),
            (#"{"differences": []}"#, "REVIEW_REQUIRED"),
            (#"{"counterparty_trade": {}, "differences": ["settlement_date"]}"#, "REVIEW_REQUIRED"),
            (#"{"counterparty_trade": {}, "differences": ["trade_date", "notional"]}"#, "BREAK"),
            (#"{"counterparty_trade": {}, "differences": ["currency"]}"#, "REVIEW_REQUIRED"),
        ])
    func matching(body: String, classification: String) throws {
        let answer = try ask("trade_matching_agent-Hd9Fs2KpJ6", try JSON.Value.parse(body))
        #expect(answer["match_classification"] == .string(classification))
    }

    @Test("what cannot be read or is no exception is refused")
    func refusals() throws {
        let adapter = try World.conversation("trades", with: "pdf_adapter_agent-Qk3Vt8LmZ2")
        #expect(adapter.text(#"{"document_path": "a/b.DOCX"}"#) == "agent error 415")
        #expect(adapter.ask("{}").misses.first?.rule == "not a PDF")
        let exceptions = try World.conversation("trades", with: "exception_management_agent-Tm5Gq0WzB3")
        #expect(
            exceptions.text(#"{"match_classification": "MATCHED"}"#)
                == "ValidationException: match_classification MATCHED is not an exception")
    }
}
