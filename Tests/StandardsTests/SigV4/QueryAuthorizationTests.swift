import Bytes
import SigV4
import Testing

@Suite("QueryAuthorization") struct QueryAuthorizationTests {
    static let query =
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a%2fb&X-Amz-Date=d&X-Amz-Expires=300"
        + "&X-Amz-SignedHeaders=host%3Bx&X-Amz-Signature=s"

    static func read(_ query: String, _ fields: [Signer.Field] = []) throws -> Authorization? {
        try Authorization.read(Message(method: "GET", target: "/?\(query)", fields: fields))
    }

    @Test("every parameter is decoded, and a plus is a plus")
    func decoded() throws {
        let found = try #require(try Self.read(Self.query + "&X-Amz-Security-Token=t%2B+%3D"))
        #expect(found.form == .query)
        #expect(found.text(found.credential) == "a/b")
        #expect(found.text(found.signedHeaders) == "host;x")
        #expect(found.text(found.signature) == "s")
        #expect(found.text(found.timestamp) == "d")
        #expect(found.lifetime.map { found.text($0) } == "300")
        #expect(found.token.map { found.text($0) } == "t++=")
    }

    @Test("of a parameter that comes twice the first counts")
    func duplicates() throws {
        let found = try #require(try Self.read(Self.query + "&X-Amz-Signature=other&X-Amz-Credential=other"))
        #expect(found.text(found.signature) == "s")
        #expect(found.text(found.credential) == "a/b")
    }

    @Test("token and payload hash may also be header fields")
    func fields() throws {
        let found = try #require(
            try Self.read(Self.query, [("X-Amz-Security-Token", "T"), ("x-amz-content-sha256", "H")]))
        #expect(found.token.map { found.text($0) } == "T")
        #expect(found.payloadHash.map { found.text($0) } == "H")
        let hash = try #require(try Self.read(Self.query + "&x-amz-content-sha256=UNSIGNED-PAYLOAD"))
        #expect(hash.payloadHash.map { hash.text($0) } == "UNSIGNED-PAYLOAD")
    }

    @Test("a parameter added after signing is refused, a signature put in front too")
    func added() {
        let fields: [Signer.Field] = [("Host", World.host)]
        let target = World.signer().presign(
            method: "GET", target: "/ws?qualifier=DEFAULT", fields: fields, at: World.now, lifetimeSeconds: 300)
        #expect(World.verify(Message(method: "GET", target: target, fields: fields)) == World.verified)
        for other in [
            target + "&a", target + "&X-Amz-Signature=1", target.replacing("?", with: "?X-Amz-Signature=1&"),
            target + "&X-Amz-Expires=604800", target.replacing("DEFAULT", with: "prod"),
        ] {
            #expect(World.verify(Message(method: "GET", target: other, fields: fields)) != World.verified)
        }
    }
}
