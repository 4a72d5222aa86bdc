import Bytes

/// Whether a header field still holds what its name says, for the final scan.
struct FieldCheck {
    let name: String
    let value: String

    private var lowercase: String { name.lowercased() }

    var holdsSecret: Bool {
        let name = lowercase
        if name.hasSuffix("cookie") { return holdsCookie(isSet: name.hasPrefix("set")) }
        if name.hasSuffix("authorization") { return holdsCredentials }
        if name == "location" || name == "referer" { return holdsParameter }
        if name == "sec-websocket-protocol" { return holdsProtocolToken }
        return SecretName.matches(name) && !isReplaced(value[...])
    }

    /// Nothing, or a pseudonym and nothing else.
    private func isReplaced(_ text: Substring) -> Bool {
        text.isEmpty || text.hasPrefix("[") && text.hasSuffix("]") && text.filter { $0 == "[" }.count == 1
    }

    private func holdsCookie(isSet: Bool) -> Bool {
        let pairs = value.split(separator: ";").map { $0.drop { $0 == " " } }
        return pairs.prefix(isSet ? 1 : pairs.count).contains { pair in
            let equals = pair.firstIndex(of: "=")
            return !isReplaced(equals.map { pair[pair.index(after: $0)...] } ?? pair)
        }
    }

    private var holdsCredentials: Bool {
        var words = value.split { $0 == " " || $0 == "," }
        let schemes = ["aws4-hmac-sha256", "bearer", "basic", "digest", "dpop", "negotiate", "token"]
        if let first = words.first, schemes.contains(first.lowercased()) { words.removeFirst() }
        return words.contains { word in
            let isPublic = word.hasPrefix("Credential=") || word.hasPrefix("SignedHeaders=")
            return !isPublic && !isReplaced(word.hasPrefix("Signature=") ? word.dropFirst(10) : word)
        }
    }

    private var holdsParameter: Bool {
        value.split { $0 == "?" || $0 == "&" || $0 == "#" }.dropFirst().contains { parameter in
            guard let equals = parameter.firstIndex(of: "=") else { return false }
            return SecretName.matches(String(parameter[..<equals]))
                && !isReplaced(parameter[parameter.index(after: equals)...])
        }
    }

    private var holdsProtocolToken: Bool {
        value.split { $0 == "," || $0 == " " }.contains { part in
            part.lowercased().hasPrefix("base64urlbearerauthorization.") && !isReplaced(part.dropFirst(29))
        }
    }
}
