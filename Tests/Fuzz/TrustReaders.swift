import Bytes
import HTTPWire
import JOSE
import SigV4
import Time

/// A request that nobody signed is never verified: the key is not in the input.
@Sendable func readSigV4(_ bytes: [UInt8]) {
    var parser = RequestParser()
    var held: [UInt8] = []
    let rules = RequestParser.Rules(limits: Limits())
    guard case .request(let request) = parser.read(bytes.span, from: 0, held: &held, rules).event else { return }
    let message = Message(
        head: request.head, method: request.method, path: request.path, query: request.query, fields: request.fields,
        body: request.body)
    var verifier = Verifier()
    let now = Instant(seconds: 1_768_478_400)
    let outcome = verifier.verify(message, for: "bedrock-agentcore", now: now, expiryNow: now) { _ in
        SigningCredential(secret: "a secret that is in no seed")
    }
    if case .verified = outcome { promise(false, "a forged signature was taken") }
}

/// A token that nobody signed is never taken: the keys below have signed none of the seeds.
@Sendable func readJWS(_ bytes: [UInt8]) {
    guard let token = try? JWS(compact: bytes) else { return }
    _ = try? Claims(token.payload)
    let isTaken = (try? token.verify(keys: strangerKeys, allowed: Algorithm.withPublicKeys)) != nil
    promise(!isTaken, "a token of a stranger was taken")
}

@Sendable func readKeySet(_ bytes: [UInt8]) {
    _ = try? JWKSet(bytes)
    _ = try? DiscoveryDocument(bytes)
}

private let strangerKeys = (try? JWKSet(Array(strangers.utf8))) ?? JWKSet(keys: [])

/// Keys that have signed none of the seeds.
private let strangers = """
    {"keys": [
      {"kty": "RSA", "kid": "rsa", "e": "AQAB", "n": "\
    uXR--DelLqCbvZIo-mc7RuTVyDS9iWlDVTnhbHDLJO9kLN3zH9G_St9mKTMzzxE0QGFx2YZM_xhzubReD1PFntBstj4rGStIiJt9\
    72-I93oxGyl7PZax2kRWeEwRecAD9-BU5PamxOdMvVvaO1PvHlLKHIc07W86LTdtlOGYMjiNLL293L-Q3ygyioKRKQc4WIZb6Lw7\
    UUN3OQuZFudnsC-nE6lDCMHznzcBTNvOhXQKDZtFOV8JJklABxpdlSyewrky9Mvju4bOjbtX0ntWgwWSL_pB61YdrksEmyAIWb59\
    MFB4PrsJvMfSloAte7oNX_-s5uJXA4rWDNdKyp3zbw\
    "},
      {"kty": "EC", "kid": "p256", "crv": "P-256", "x": "12a4P4n3kW44vQhtyLgOeC1I4HGYvX-nHKo9d2HHA6I",
       "y": "kXtxFfHsyYoJwVQvidSKHS4kgEWCQN-cqpevQDo5xZ4"},
      {"kty": "OKP", "kid": "ed", "crv": "Ed25519", "x": "UQyodcwya4VMR-mYBDxgCic9eDFLzPSmb9_-3lZbHx4"}
    ]}
    """
