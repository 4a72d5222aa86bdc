import Bytes
import Foundation
import SigV4
import Testing

/// Requests that botocore signed (Tests/Clients/make_signature_fixture.py): odd paths and queries, repeated and padded
/// fields, session tokens, unsigned payloads, `Date` for `X-Amz-Date`, presigned.
@Suite("SigV4 against botocore") struct BotocoreTests {
    struct Case: Decodable {
        let method: String
        let target: String
        let fields: [[String]]
        let body: String
        let token: String?

        var message: Message {
            Message(
                method: method, target: target, fields: fields.map { ($0[0], $0[1]) },
                body: Array(Data(base64Encoded: body) ?? Data()))
        }
    }

    static func cases() throws -> [Case] {
        try World.fixture("botocore.jsonl").split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(Case.self, from: Data($0))
        }
    }

    @Test("every request verifies")
    func verification() throws {
        let cases = try Self.cases()
        #expect(cases.count == 360)
        for example in cases {
            #expect(
                World.verify(example.message, token: example.token) == World.verified,
                "\(example.method) \(example.target) \(example.fields)")
        }
    }

    @Test("none verifies with another secret, another body or without its token")
    func refusals() throws {
        for example in try Self.cases() {
            var verifier = Verifier()
            let outcome = verifier.verify(example.message, for: World.service, now: World.now, expiryNow: World.now) {
                _ in
                SigningCredential(secret: World.secret + "x", sessionToken: example.token)
            }
            #expect(outcome != World.verified)
            if example.token != nil { #expect(World.verify(example.message) != World.verified) }
            var other = example.message
            other.body.append(0)
            let isUnsigned = example.fields.contains { $0[1] == "UNSIGNED-PAYLOAD" }
            #expect((World.verify(other, token: example.token) == World.verified) == isUnsigned)
        }
    }
}
