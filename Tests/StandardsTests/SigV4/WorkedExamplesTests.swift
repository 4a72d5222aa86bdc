import Bytes
import Crypto
import Foundation
import SigV4
import Testing

/// Requests that boto3 and the bedrock-agentcore SDK made under a clock that stood still, with every stage.
@Suite("SigV4 worked examples") struct WorkedExamplesTests {
    static let folders = [
        "agent-card", "invoke", "invoke-host-with-port", "invoke-session-token", "stop-session", "websocket-header",
        "websocket-header-session-token", "websocket-presigned", "websocket-presigned-session-token",
    ]

    @Test("every stage and the verdict", arguments: folders)
    func example(folder: String) throws {
        let message = Message(text: try World.fixture("\(folder)/request.txt"))
        let authorization = try #require(try Authorization.read(message))
        let payload = SignedPayload(message, authorization)
        var canonical: [UInt8] = []
        _ = CanonicalRequest().write(message, authorization, payload: payload, into: &canonical)
        #expect(try canonical == World.fixture("\(folder)/canonical-request.txt"))
        let key = SigningKey.derive(
            secret: World.secret, date: Array("20260115".utf8)[...], region: Array("us-west-2".utf8)[...],
            service: Array("bedrock-agentcore".utf8)[...])
        var calculator = SignatureCalculator()
        _ = calculator.calculate(
            CanonicalRequest(), of: message, authorization, payload: payload, with: HMAC(.sha256, key: key))
        #expect(try calculator.text == World.fixture("\(folder)/string-to-sign.txt"))
        #expect(try calculator.signature == World.fixture("\(folder)/signature.txt"))
        #expect(World.verify(message, token: Self.token(folder, authorization)) == World.verified)
    }

    @Test("flipping a bit of any byte that is signed is refused", arguments: folders)
    func tampering(folder: String) throws {
        let message = Message(text: try World.fixture("\(folder)/request.txt"))
        let authorization = try #require(try Authorization.read(message))
        let token = Self.token(folder, authorization)
        let signed = Set(authorization.text(authorization.signedHeaders).split(separator: ";").map(String.init))
        var places = Array(message.method) + Array(message.path) + Array(message.query ?? 0..<0)
        for field in message.fields {
            let name = String(lossy: message.head[field.name]).lowercased()
            if signed.contains(name) { places += Array(field.value) }
            if name == "authorization" { places += Array(field.value.suffix(64)) }
        }
        for place in places {
            var other = message
            other.head[place] ^= 1
            #expect(World.verify(other, token: token) != World.verified, "byte \(place)")
        }
        for place in message.body.indices {
            var other = message
            other.body[place] ^= 1
            #expect(World.verify(other, token: token) != World.verified, "byte \(place) of the body")
        }
    }

    private static func token(_ folder: String, _ authorization: Authorization) -> String? {
        folder.hasSuffix("session-token") ? authorization.token.map { authorization.text($0) } : nil
    }
}
