import Bytes
import SigV4
import Support
import Testing
import Time

@Suite("Signer") struct SignerTests {
    @Test("signs the first worked example to the letter")
    func worked() throws {
        let session = "session-0123456789-0123456789-0123456789"
        let fields: [Signer.Field] = [
            ("Host", World.host), ("Accept", "application/json"), ("Content-Type", "application/json"),
            ("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", session), ("User-Agent", "anything"),
        ]
        let target =
            "/runtimes/arn%3Aaws%3Abedrock-agentcore%3Aus-west-2%3A123456789012%3Aruntime%2Fhosted_agent-Ab12Cd34Ef"
            + "/invocations?qualifier=DEFAULT"
        let added = World.signer().sign(
            method: "POST", target: target, fields: fields, body: Array(#"{"prompt":"Hello"}"#.utf8), at: World.now)
        #expect(added.map(\.name) == ["X-Amz-Date", "Authorization"])
        #expect(
            added.last?.value == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\(World.scope), "
                + "SignedHeaders=accept;content-type;host;x-amz-date;x-amzn-bedrock-agentcore-runtime-session-id, "
                + "Signature=1dbf447918d17af78025f8a061dde277d89c773ea689de47cdea9955b38b9675")
    }

    @Test("presigns the WebSocket example to the letter", arguments: [nil, "T+/="])
    func presigned(token: String?) throws {
        let fields: [Signer.Field] = [("Host", World.host)]
        let target = World.signer(token: token).presign(
            method: "GET", target: "/ws?qualifier=DEFAULT", fields: fields, at: World.now, lifetimeSeconds: 300)
        #expect(
            target.hasPrefix("/ws?qualifier=DEFAULT&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F"))
        #expect(target.contains("&X-Amz-Security-Token=T%2B%2F%3D") == (token != nil))
        #expect(World.verify(Message(method: "GET", target: target, fields: fields), token: token) == World.verified)
    }

    @Test("whatever is signed verifies, and no more once a byte of it changes")
    func property() {
        let seed: UInt64 = 4_711
        var chance = SeededGenerator(seed: seed)
        for round in 0..<400 {
            let request = RandomRequest(using: &chance)
            let token = Bool.random(using: &chance) ? "token/+=" : nil
            let signer = World.signer(token: token)
            let message: Message
            if Bool.random(using: &chance) {
                let added = signer.sign(
                    method: request.method, target: request.target, fields: request.fields, body: request.body,
                    at: World.now)
                message = Message(
                    method: request.method, target: request.target, fields: request.fields + added, body: request.body)
            } else {
                let target = signer.presign(
                    method: request.method, target: request.target, fields: request.fields, at: World.now,
                    lifetimeSeconds: 300)
                message = Message(method: request.method, target: target, fields: request.fields)
            }
            #expect(World.verify(message, token: token) == World.verified, "seed \(seed), round \(round): \(request)")
            var longer = message
            longer.body.append(0)
            #expect(World.verify(longer, token: token) != World.verified, "seed \(seed), round \(round)")
        }
    }

    struct RandomRequest {
        var method: String
        var target: String
        var fields: [Signer.Field]
        var body: [UInt8]

        init(using chance: inout SeededGenerator) {
            func text(_ letters: String, _ count: ClosedRange<Int>) -> String {
                let letters = Array(letters)
                return String(
                    (0..<Int.random(in: count, using: &chance)).map { _ in
                        letters[Int.random(in: 0..<letters.count, using: &chance)]
                    })
            }
            method = text("ABCDEFG", 1...7)
            target = "/" + text("ab/.%~+:é*&=", 0...20)
            if Bool.random(using: &chance) { target += "?" + text("ab&=+~é:/-.", 0...30) }
            fields = [("Host", text("abc.", 1...9) + ":8787")]
            for _ in 0..<Int.random(in: 0...4, using: &chance) {
                fields.append((text("ABab-", 1...3), text("ab \t,é", 0...9)))
            }
            body = (0..<Int.random(in: 0...80, using: &chance)).map { _ in UInt8.random(in: 0...255, using: &chance) }
        }
    }
}
