import Bytes
import SigV4
import Testing

@Suite("HeaderAuthorization") struct HeaderAuthorizationTests {
    static func read(_ header: String) throws -> [String]? {
        let found = try Authorization.read(Message(authorization: header))
        return found.map { [$0.text($0.credential), $0.text($0.signedHeaders), $0.text($0.signature)] }
    }

    @Test(
        "commas, spaces or both separate",
        arguments: [
            "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c",
            "AWS4-HMAC-SHA256 Credential=a,SignedHeaders=b,Signature=c",
            "AWS4-HMAC-SHA256 Signature=c SignedHeaders=b Credential=a",
            "AWS4-HMAC-SHA256\tCredential=a ,\tSignedHeaders=b ,, Signature=c,",
            "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c, Other=d",
            "AWS4-HMAC-SHA256 Credential=x, SignedHeaders=b, Signature=c, Credential=a",
        ])
    func separators(header: String) throws {
        #expect(try Self.read(header) == ["a", "b", "c"])
    }

    @Test("a value may hold an equals sign; names are spelled exactly")
    func values() throws {
        #expect(
            try Self.read("AWS4-HMAC-SHA256 Credential=a=b,SignedHeaders=,SignedHeaders=h,Signature=c==")
                == ["a=b", "h", "c=="])
        #expect(throws: SignatureRefusal.self) {
            _ = try Self.read("AWS4-HMAC-SHA256 credential=a,SignedHeaders=b,Signature=c")
        }
    }

    @Test(
        "what is no signature of ours is refused",
        arguments: [
            "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA256 ,", "AWS4-HMAC-SHA256Credential=a",
            "AWS4-HMAC-SHA256 Credential = a,SignedHeaders=b,Signature=c", "AWS AKID:sig", "Bearer a.b.c", "a", "=",
            "aws4-hmac-sha256 Credential=a,SignedHeaders=b,Signature=c",
            "AWS4-HMAC-SHA256 Credential=a,SignedHeaders=b,Signature=c,Signature=",
        ])
    func refused(header: String) {
        #expect(throws: SignatureRefusal.self) { _ = try Self.read(header) }
    }

    /// All that is read of it.
    static func places(_ found: Authorization?) -> [Range<Int>?]? {
        found.map {
            [$0.credential, $0.signedHeaders, $0.signature, $0.timestamp, $0.token, $0.lifetime, $0.payloadHash]
        }
    }

    @Test("what is remembered of one header makes no other read otherwise")
    func memory() throws {
        let beginning = "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature="
        let endings = ["c", "d=e", "", "c, Credential=x", "c Signature=", "c\tSignedHeaders=y", ",c", "c,", "f"]
        let others = ["AWS4-HMAC-SHA256 Credential=a, SignedHeaders=bb, Signature=c", "Bearer a"]
        let headers = endings.map { beginning + $0 } + others
        var memory = HeaderAuthorization.Memory()
        for (index, header) in (headers + headers.reversed()).enumerated() {
            // Where the header stands in the message differs, too.
            let message = Message(
                method: "POST", target: "/" + String(repeating: "x", count: index),
                fields: [("Authorization", header), ("X-Amz-Date", "20260115T120000Z")])
            let remembering = Result { () throws(SignatureRefusal) in
                Self.places(try Authorization.read(message, &memory))
            }
            let fresh = Result { () throws(SignatureRefusal) in Self.places(try Authorization.read(message)) }
            #expect(remembering == fresh, "\(header)")
        }
    }

    @Test("X-Amz-Date comes before Date; a Date is read as HTTP writes it and as ISO 8601 does")
    func dates() throws {
        let header = "AWS4-HMAC-SHA256 Credential=a,SignedHeaders=b,Signature=c"
        for (name, value, expected) in [
            ("Date", "Thu, 15 Jan 2026 12:00:00 GMT", "20260115T120000Z"),
            ("Date", "Thu, 15 Jan 2026 12:00:00 -0000", "20260115T120000Z"),
            ("Date", "Thu, 15 Jan 2026 12:00:00 +0000", "20260115T120000Z"),
            ("Date", "20260115T120000Z", "20260115T120000Z"), ("Date", "yesterday", "yesterday"),
            ("Date", "Fri, 15 Jan 2026 12:00:00 GMT", "Fri, 15 Jan 2026 12:00:00 GMT"),
            ("X-Amz-Date", "Thu, 15 Jan 2026 12:00:00 GMT", "Thu, 15 Jan 2026 12:00:00 GMT"),
        ] {
            var message = Message(authorization: header, date: nil)
            message.add(name, value)
            let found = try #require(try Authorization.read(message))
            #expect(found.text(found.timestamp) == expected)
            message.add("X-Amz-Date", "20270101T000000Z")
            let other = try #require(try Authorization.read(message))
            #expect(other.text(other.timestamp) == (name == "Date" ? "20270101T000000Z" : expected))
        }
    }
}
