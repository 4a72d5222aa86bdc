import Glibc
import Support
import Testing

@testable import TLS

@Suite("Which certificate is shown") struct ServerIdentitiesTests {
    let folder: TemporaryFolder
    let authority: LocalAuthority

    init() throws {
        folder = try TemporaryFolder()
        authority = try LocalAuthority(folder: folder.path, now: Int(time(nil)))
    }

    @Test("one is made for each name that is asked for, once, and anew when a month has passed")
    func onDemand() throws {
        let now = Gathered<Int>()
        now.add(Int(time(nil)))
        let identities = try #require(LocalIdentities(authority) { now.all.last ?? 0 })
        let first = try #require(identities.identity(for: "LOCALHOST.", at: "127.0.0.1"))
        #expect(identities.identity(for: "localhost", at: "10.0.0.1") === first)
        #expect(identities.identity(for: nil, at: "10.0.0.1") !== first && identities.count == 2)
        now.add((now.all.last ?? 0) + 31 * 86_400)
        #expect(identities.identity(for: "localhost", at: "127.0.0.1") !== first)
    }

    @Test("there is an end to what is kept")
    func bounded() throws {
        let identities = try #require(LocalIdentities(authority))
        for number in 0..<1_100 { #expect(identities.identity(for: "host-\(number).example", at: "") != nil) }
        #expect(identities.count == 100)
    }

    @Test(
        "a name that is none gets no certificate, and nothing in it is taken for more than a name",
        arguments: [
            "", ".", "a..b", "a,DNS:b.example", "a b", "ä.example", "-a", "a-", "a/b", "*.example", "a\n", "DNS:a",
            String(repeating: "a", count: 64), String(repeating: "a.", count: 127) + "a",
        ])
    func noName(name: String) throws {
        let identities = try #require(LocalIdentities(authority))
        #expect(
            identities.identity(for: name, at: "127.0.0.1") == nil || name == String(repeating: "a.", count: 127) + "a")
    }

    @Test("one's own is read again when it changes, and stays when what it became is no good")
    func own() throws {
        let made = try #require(LocalIdentities(authority))
        let (one, two) = (
            try #require(made.identity(for: "one.example", at: "")),
            try #require(made.identity(for: "two.example", at: ""))
        )
        let certificate = try folder.write("cert.pem", one.certificatePEM)
        let key = try folder.write("key.pem", one.keyPEM)
        let warnings = Gathered<String>()
        let own = try OwnIdentity(certificate: certificate, key: key) { warnings.add($0) }
        #expect(own.identity(for: "x", at: "")?.certificatePEM == one.certificatePEM)
        _ = try folder.write("cert.pem", two.certificatePEM)
        #expect(own.identity(for: "x", at: "")?.certificatePEM == two.certificatePEM)
        _ = try folder.write("cert.pem", Array("half".utf8))
        #expect(own.identity(for: "x", at: "")?.certificatePEM == two.certificatePEM)
        #expect(warnings.all.count == 1 && warnings.all[0].hasSuffix("there is no certificate in PEM"))
    }

    @Test("files that are no certificate and key are refused with what is missing")
    func refusedFiles() throws {
        let made = try #require(LocalIdentities(authority)?.identity(for: "a.example", at: ""))
        let other = try #require(LocalIdentities(authority)?.identity(for: "a.example", at: ""))
        let certificate = try folder.write("cert.pem", made.certificatePEM)
        let wrong = try folder.write("key.pem", other.keyPEM)
        for (certificate, key, why) in [
            (certificate, wrong, "the key is not that of the first certificate"),
            (certificate, certificate, "there is no private key in PEM, or it is encrypted"),
            (wrong, wrong, "there is no certificate in PEM"),
            (
                folder.path("none.pem"), wrong,
                "--tls-cert \(folder.path("none.pem")) cannot be read: No such file or directory"
            ),
        ] {
            let refusal = #expect(throws: CertifiedKey.Refusal.self) {
                try OwnIdentity(certificate: certificate, key: key) { _ in }
            }
            #expect(refusal?.text.hasSuffix(why) == true)
        }
    }
}
