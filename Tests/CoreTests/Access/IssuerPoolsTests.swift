import Testing

@testable import Access

@Suite("IssuerPools") struct IssuerPoolsTests {
    @Test(
        "our pool on any host, and any of Cognito's pools, are ours",
        arguments: [
            "http://127.0.0.1:8787/us-east-1_Understudy", "http://localhost/us-east-1_Understudy",
            "https://x.example/us-east-1_Understudy", "http://127.0.0.1:8787/_space/w1/us-east-1_Understudy",
            "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI",
            "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_x",
        ])
    func own(issuer: String) {
        #expect(IssuerPools.owns(issuer: issuer))
        #expect(IssuerPools.issuer(ofDiscoveryURL: issuer + "/.well-known/openid-configuration") == issuer)
    }

    @Test(
        "others are not",
        arguments: [
            "", "us-east-1_Understudy", "http:///us-east-1_Understudy", "http://h/us-east-1_understudy",
            "http://h/x/us-east-1_Understudy",
            "http://h/_space/us-east-1_Understudy", "http://h/_space//us-east-1_Understudy",
            "http://h/_space/-/us-east-1_Understudy", "http://h/_space/w1/_space/w1/us-east-1_Understudy",
            "https://cognito-idp.us-east-1.amazonaws.com/_space/w1/us-east-1_A",
            "http://h/us-east-1_Understudy/", "http://h/us-east-1_Understudy/x", "ftp://h/us-east-1_Understudy",
            "https://cognito-idp.us-east-1.amazonaws.com", "https://cognito-idp.us-east-1.amazonaws.com/",
            "https://cognito-idp.us-east-1.amazonaws.com/nopool",
            "https://cognito-idp.us-east-1.amazonaws.com.evil.example/us-east-1_A",
            "https://evil.cognito-idp.us-east-1.amazonaws.com/us-east-1_A",
            "https://cognito-idp..amazonaws.com/us-east-1_A",
            "https://cognito-idp.us-east-1.amazonaws.com.de/us-east-1_A", "https://login.example/tenant",
        ])
    func foreign(issuer: String) {
        #expect(!IssuerPools.owns(issuer: issuer))
        #expect(IssuerPools.issuer(ofDiscoveryURL: issuer + "/.well-known/openid-configuration") == nil)
    }

    @Test("an issuer in the path or the host of a space is that space's, and by the path nobody in another")
    func spaces() {
        let names: [(String, String?)] = [
            ("http://h:1/_space/w1/us-east-1_Understudy", "w1"), ("http://w1.localhost:1/us-east-1_Understudy", "w1"),
            ("http://h:1/us-east-1_Understudy", nil), ("nothing", nil),
        ]
        for (name, space) in names { #expect(IssuerPools.space(ofIssuer: name) == space, "\(name)") }
        #expect(IssuerPools.owns(issuer: names[0].0, in: "w1"))
        #expect(!IssuerPools.owns(issuer: names[0].0, in: "w2"))
        #expect(IssuerPools.owns(issuer: names[1].0, in: "w2"))
        #expect(IssuerPools.owns(issuer: names[2].0, in: "w2"))
    }

    @Test("in a space the server has the space's names too")
    func thisServerInSpace() {
        let expected = "http://127.0.0.1:8787/us-east-1_Understudy"
        for (base, isOurs) in [
            ("http://127.0.0.1:9000/_space/w1", true), ("http://localhost:9000/_space/w1", true),
            ("http://w1.localhost:9000", true), ("http://127.0.0.1:9000", true),
            ("http://127.0.0.1:9000/_space/w2", false), ("http://w2.localhost:9000", false),
            ("http://127.0.0.1:9000/_space/w1/x", false), ("http://127.0.0.1:9001/_space/w1", false),
        ] {
            let isThisServer = IssuerPools.isThisServer(
                base + "/us-east-1_Understudy", expected: expected, base: "http://127.0.0.1:9000", space: "w1")
            #expect(isThisServer == isOurs, "\(base)")
        }
    }

    @Test("a discovery URL ends in the well-known path")
    func suffix() {
        #expect(IssuerPools.issuer(ofDiscoveryURL: "http://h/us-east-1_Understudy") == nil)
        #expect(
            IssuerPools.issuer(ofDiscoveryURL: "http://h/us-east-1_Understudy/.well-known/openid-configuration?x")
                == nil)
    }

    @Test("pool names are Cognito's")
    func pools() {
        for name in ["us-east-1_AbC123", "a_b", "x_y_z"] { #expect(IssuerPools.isPool(Array(name.utf8))) }
        for name in ["", "_", "a_", "_b", "ab", "a_b-c", "a/b_c", "a_b ", String(repeating: "a", count: 60) + "_b"] {
            #expect(!IssuerPools.isPool(Array(name.utf8)), "\(name)")
        }
        #expect(IssuerPools.pool(ofIssuer: "http://h/us-east-1_X") == "us-east-1_X")
        #expect(IssuerPools.issuer(base: "http://h:1") == "http://h:1/us-east-1_Understudy")
    }

    @Test("the server's own name for a pool is the address it was reached at, exactly, or another name of this machine")
    func thisServer() {
        let expected = "http://127.0.0.1:8787/us-east-1_Understudy"
        let accepted = ["http://127.0.0.1:9000", "http://localhost:9000", "http://[::1]:9000"]
        let refused = [
            "https://127.0.0.1:9000", "http://127.0.0.1:9001", "http://evil.example", "http://127.0.0.1:9000/",
        ]
        for base in accepted {
            #expect(
                IssuerPools.isThisServer(
                    base + "/us-east-1_Understudy", expected: expected, base: "http://127.0.0.1:9000", space: "a"))
        }
        for base in refused {
            #expect(
                !IssuerPools.isThisServer(
                    base + "/us-east-1_Understudy", expected: expected, base: "http://127.0.0.1:9000", space: "a"))
        }
        let cognito = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Real"
        #expect(
            !IssuerPools.isThisServer(
                "http://127.0.0.1:9000/us-east-1_Real", expected: cognito, base: "http://127.0.0.1:9000", space: "a")
        )
    }
}
