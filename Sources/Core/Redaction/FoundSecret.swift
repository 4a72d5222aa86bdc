/// What a secret is; the word in the brackets that take its place.
package struct SecretKind: Hashable, Sendable {
    package let word: String

    package init(_ word: String) { self.word = word }

    static let jwt = SecretKind("jwt")
    static let awsKey = SecretKind("aws-key")
    static let token = SecretKind("token")
    static let password = SecretKind("password")
    static let cookie = SecretKind("cookie")
    static let email = SecretKind("email")
    /// A body that nobody could look through.
    static let encoded = SecretKind("encoded")

    /// By the name that a secret stands under, of which `SecretName` said that it is one.
    init(name: Span<UInt8>) {
        var letters: [UInt8] = []
        for index in 0..<name.count where name[index] != UInt8(ascii: "-") && name[index] != UInt8(ascii: "_") {
            letters.append(name[index] | 0x20)
        }
        let ends = { (word: StaticString) in
            letters.count >= word.utf8CodeUnitCount
                && letters.suffix(word.utf8CodeUnitCount)
                    .elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
        }
        if ends("password") {
            self = .password
        } else if ends("cookie") {
            self = .cookie
        } else if ends("accesskey") || ends("secretkey") {
            self = .awsKey
        } else {
            self = .token
        }
    }
}

/// A secret in a text: what it is, what it says, and where it stands.
struct FoundSecret {
    var kind: SecretKind
    /// Without escapes, so that it is the same secret in every form.
    var value: [UInt8]
    /// In the kept text, ascending; several when it is spread over events.
    var places: [Range<Int>]
    /// A number or a whole value of JSON, for which a string has to stand.
    var needsQuotes = false

    var start: Int { places.first?.lowerBound ?? 0 }
    var end: Int { places.last?.upperBound ?? 0 }
    var count: Int { places.reduce(0) { $0 + $1.count } }
}
