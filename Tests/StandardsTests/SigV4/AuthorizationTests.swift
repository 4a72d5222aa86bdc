import Bytes
import SigV4
import Testing

@Suite("Authorization") struct AuthorizationTests {
    @Test("neither form is nil")
    func absent() throws {
        for target in ["/", "/?", "/?a=b", "/?X-Amz-Date=1", "/?x-amz-signature=1", "/?Signature=X-Amz-Signature"] {
            #expect(try Authorization.read(Message(method: "GET", target: target, fields: [])) == nil, "\(target)")
        }
    }

    @Test("any of three parameters makes a request presigned, escaped or not")
    func presigned() {
        for name in ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X%2DAmz%2dSignature"] {
            #expect(throws: SignatureRefusal.self) {
                _ = try Authorization.read(Message(method: "GET", target: "/?\(name)=", fields: []))
            }
        }
    }

    @Test("a header and a presigned query refuse each other; other parameters do not matter")
    func both() throws {
        let header = "AWS4-HMAC-SHA256 Credential=a,SignedHeaders=b,Signature=c"
        #expect(throws: SignatureRefusal.self) {
            _ = try Authorization.read(Message(authorization: header, target: "/?X-Amz-Algorithm"))
        }
        let found = try Authorization.read(Message(authorization: header, target: "/?X-Amz-Signature=b"))
        #expect(found?.form == .header)
    }
}
