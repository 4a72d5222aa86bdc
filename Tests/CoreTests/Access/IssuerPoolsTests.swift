import Testing

@testable import Access

@Suite("IssuerPools") struct IssuerPoolsTests {
    @Test(
        "our pool on any host, and any of Cognito's pools, are ours",
        arguments: [
            "http://127.0.0.1:8787/us-east-1_Understudy", "http://localhost/us-east-1_Understudy",
            "https://x.example/us-east-1_Understudy",
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
                    base + "/us-east-1_Understudy", expected: expected, base: "http://127.0.0.1:9000"))
        }
        for base in refused {
            #expect(
                !IssuerPools.isThisServer(
                    base + "/us-east-1_Understudy", expected: expected, base: "http://127.0.0.1:9000"))
        }
        let cognito = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Real"
        #expect(
            !IssuerPools.isThisServer(
                "http://127.0.0.1:9000/us-east-1_Real", expected: cognito, base: "http://127.0.0.1:9000")
        )
    }
}
