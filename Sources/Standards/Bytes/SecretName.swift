/// Which names stand for secrets, in header fields, queries, forms and JSON members alike, and what is shown in the place
/// of what they name: the one list and the one mask. A name is judged by its end, whatever its case and its hyphens:
/// `X-Amz-Security-Token`, `access_token` and `RefreshToken` are one rule.
package enum SecretName {
    package static let mask: StaticString = "[redacted]"

    /// Whether something of a text was masked.
    package static func isMasked(in text: String) -> Bool {
        let (mask, text) = (Array("\(mask)".utf8), Array(text.utf8))
        return ByteSearch.first(mask.span, in: text.span, from: 0) != nil
    }

    /// By the last two letters first, so that most names are done after one look.
    package static func matches(_ name: Span<UInt8>) -> Bool {
        guard name.count > 1 else { return false }
        let before = name[name.count - 2] | 0x20
        // A hyphen or an underscore; either hides the letter.
        let isHidden = before == 0x2D || before == 0x7F
        func follows(_ letters: StaticString) -> Bool {
            if isHidden { return true }
            for index in 0..<letters.utf8CodeUnitCount where letters.utf8Start[index] == before { return true }
            return false
        }
        switch name[name.count - 1] | 0x20 {
        case UInt8(ascii: "n") where follows("eo"):
            return ends(name, with: "token") || ends(name, with: "authorization") || ends(name, with: "assertion")
        // `code` is an authorization code only as the whole name: `statusCode` is none.
        case UInt8(ascii: "e") where follows("irds"):
            return ends(name, with: "cookie") || ends(name, with: "signature") || ends(name, with: "passphrase")
                || name.count == 4 && ends(name, with: "code")
        case UInt8(ascii: "t") where follows("ea"): return ends(name, with: "secret") || ends(name, with: "identitywat")
        case UInt8(ascii: "d") where follows("rw"):
            return ends(name, with: "password") || ends(name, with: "passwd")
                || ends(name, with: "pwd") && !ends(name, with: "oldpwd")
        case UInt8(ascii: "y") where follows("e"):
            return ends(name, with: "apikey") || ends(name, with: "secretkey") || ends(name, with: "secretaccesskey")
                || ends(name, with: "privatekey")
        // Of AWS's secrets.
        case UInt8(ascii: "g") where follows("n"): return ends(name, with: "secretstring")
        case UInt8(ascii: "h") where follows("s"): return ends(name, with: "secrethash")
        case UInt8(ascii: "r") where follows("e"): return ends(name, with: "codeverifier")
        default: return false
        }
    }

    package static func matches(_ name: String) -> Bool { matches(name.utf8.span) }

    /// What begins the name of a token that lets nobody in: it makes a request the same as another, or leads to a page.
    private static let placeholders: [StaticString] = [
        "clienttoken", "clientrequesttoken", "idempotencytoken", "nexttoken", "previoustoken", "pagetoken",
        "continuationtoken", "forwardtoken", "backwardtoken", "stoptoken", "eostoken", "bostoken", "padtoken",
        "unktoken", "septoken", "clstoken", "masktoken", "starttoken", "endtoken", "specialtoken", "firsttoken",
        "lasttoken", "predictiontoken", "finishtoken", "progresstoken", "cancellationtoken", "synctoken",
        "paginationtoken",
    ]
    /// What stands before the `token` of a name that is nothing else.
    private static let credentials: [StaticString] = [
        "accesstoken", "idtoken", "refreshtoken", "sessiontoken", "securitytoken", "authtoken", "bearertoken",
        "apitoken", "bottoken", "secrettoken", "privatetoken", "jwttoken", "oauthtoken", "authorizationtoken",
    ]

    /// Whether a name in a body that ends as a secret's does is known to name none.
    package static func isPlaceholder(_ name: Span<UInt8>) -> Bool { placeholders.contains { isSame(name, as: $0) } }

    /// Whether what it names has to look like a secret: people and models write `token`, `signature` and their like for
    /// other things too, but hardly `access_token`, `password` or `apiKey`.
    package static func mayBeWord(_ name: Span<UInt8>) -> Bool {
        if ends(name, with: "token") { return !credentials.contains { ends(name, with: $0) } }
        return ends(name, with: "signature") || ends(name, with: "assertion") || ends(name, with: "authorization")
    }

    private static func isSame(_ name: Span<UInt8>, as word: StaticString) -> Bool {
        var letters = 0
        for at in 0..<name.count where name[at] != UInt8(ascii: "-") && name[at] != UInt8(ascii: "_") { letters += 1 }
        return letters == word.utf8CodeUnitCount && ends(name, with: word)
    }

    /// Compares from the back, over hyphens and underscores.
    @inline(__always) private static func ends(_ name: Span<UInt8>, with ending: StaticString) -> Bool {
        var at = name.count
        let letters = ending.utf8Start
        var place = ending.utf8CodeUnitCount
        while place > 0 {
            while at > 0, name[at - 1] == UInt8(ascii: "-") || name[at - 1] == UInt8(ascii: "_") { at -= 1 }
            // Only the two cases of a letter become that letter by this bit.
            guard at > 0, name[at - 1] | 0x20 == letters[place - 1] else { return false }
            at -= 1
            place -= 1
        }
        return true
    }
}
