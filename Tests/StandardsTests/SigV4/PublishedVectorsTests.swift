import Bytes
import Crypto
import Foundation
import JSON
import SigV4
import Support
import Testing
import Time

/// The AWS signing test suite, version 4: every folder, both forms, every stage.
@Suite("SigV4 published vectors", .enabled(if: Vectors.areHere, "the published vectors are not here"))
struct PublishedVectorsTests {
    /// Paths that are signed as they are: the rule of S3. Where normalising changes nothing they verify.
    static let ruleOfAnotherService: Set<String> = [
        "get-relative-relative-unnormalized", "get-relative-unnormalized", "get-slash-dot-slash-unnormalized",
        "get-slash-pointless-dot-unnormalized", "get-slash-unnormalized", "get-slashes-unnormalized",
    ]
    /// The token joins the query after it was signed. A verifier that let this pass would let anybody add a token.
    static let tokenAddedToTheQuery = "post-sts-header-after"

    static let folders: [String] = {
        let root = URL(filePath: Vectors.folder).appending(path: "sigv4")
        let found = try? FileManager.default.contentsOfDirectory(atPath: root.path)
        return (found ?? []).filter { $0 != "LICENSE" }.sorted()
    }()

    @Test("the suite is complete")
    func complete() {
        #expect(Self.folders.count == 38)
    }

    @Test(
        "canonical request, string to sign and signature are the published ones",
        arguments: folders.filter { !ruleOfAnotherService.contains($0) })
    func stages(folder: String) throws {
        for form in ["header", "query"] {
            let message = Message(text: try bytes(folder, "\(form)-signed-request.txt"))
            let authorization = try #require(try Authorization.read(message))
            if form == "query", folder == Self.tokenAddedToTheQuery { continue }
            let payload = SignedPayload(message, authorization)
            var canonical: [UInt8] = []
            #expect(CanonicalRequest().write(message, authorization, payload: payload, into: &canonical))
            #expect(String(lossy: canonical) == (try text(folder, "\(form)-canonical-request.txt")))

            let scope = try #require(CredentialScope(authorization.credential, of: authorization.source))
            let key = SigningKey.derive(
                secret: try credential(folder).secret, date: authorization.source[scope.date],
                region: authorization.source[scope.region], service: authorization.source[scope.service])
            var calculator = SignatureCalculator()
            _ = calculator.calculate(
                CanonicalRequest(), of: message, authorization, payload: payload, with: HMAC(.sha256, key: key))
            #expect(String(lossy: calculator.text) == (try text(folder, "\(form)-string-to-sign.txt")))
            #expect(String(lossy: calculator.signature) == (try text(folder, "\(form)-signature.txt")))
        }
    }

    @Test("signed requests verify", arguments: folders)
    func verification(folder: String) throws {
        for form in ["header", "query"] {
            let message = Message(text: try bytes(folder, "\(form)-signed-request.txt"))
            let credential = try credential(folder)
            var verifier = Verifier()
            let outcome = verifier.verify(
                message, for: "service", now: World.moment("20150830T123600Z"),
                expiryNow: World.moment("20150830T123600Z")
            ) { $0 == "AKIDEXAMPLE" ? credential : nil }
            let isException =
                Self.ruleOfAnotherService.contains(folder)
                || folder == Self.tokenAddedToTheQuery && form == "query"
            if isException {
                guard case .refused(let refusal) = outcome else {
                    Issue.record("\(folder) \(form): \(outcome)")
                    continue
                }
                #expect(refusal.errorType == "InvalidSignatureException")
            } else {
                #expect(outcome == .verified(accessKeyId: "AKIDEXAMPLE", region: "us-east-1"), "\(folder) \(form)")
            }
        }
    }

    private func bytes(_ folder: String, _ file: String) throws -> [UInt8] {
        try Vectors.bytes("sigv4/\(folder)/\(file)")
    }

    private func text(_ folder: String, _ file: String) throws -> String {
        String(lossy: try bytes(folder, file))
    }

    private func credential(_ folder: String) throws -> SigningCredential {
        struct Context: Decodable {
            struct Credentials: Decodable {
                let secret_access_key: String
                let token: String?
            }
            let credentials: Credentials
        }
        let context = try JSONDecoder().decode(Context.self, from: Data(try bytes(folder, "context.json")))
        return SigningCredential(secret: context.credentials.secret_access_key, sessionToken: context.credentials.token)
    }
}
