import Bytes
import Testing
import Time

@testable import SigV4

@Suite("Age") struct AgeTests {
    @Test(
        "a timestamp is ISO 8601 in its basic format and nothing else",
        arguments: [
            "20260115T120000", "20260115 120000Z", "2026-01-15T12:00:00Z", "20260230T120000Z", "20260115T240000Z",
            "20260115t120000z", "+0260115T120000Z", "16000101T000000Z", "é",
        ])
    func badDates(text: String) throws {
        let message = Message(authorization: SignatureRefusalTests.whole, date: text)
        let refusal = try #require(World.refusal(message))
        #expect(refusal.message.hasPrefix("Date must be in ISO-8601 'basic format'. Got '\(text)'."))
    }

    @Test("lifetimes that are no number of seconds", arguments: ["0", "1.5", "+60", "1e3", "99999999999999999999"])
    func badLifetimes(text: String) throws {
        let refusal = try #require(World.refusal(SignatureRefusalTests.presignedAt("20260115T120000Z", lifetime: text)))
        #expect(refusal.message.hasPrefix("X-Amz-Expires must be"))
    }
}
