import Bytes
import HTTPWire

/// Finds where secrets stand in the bytes of a message: ranges in ascending order, none of them empty.
package struct SecretPlaces {
    package private(set) var found: [Range<Int>] = []
    /// What is masked: of a field that carries credentials its whole value, otherwise the secrets alone.
    package private(set) var masked: [Range<Int>] = []
    /// Whether a header field was one by its value alone.
    package private(set) var foundByLooks = false
    /// What stood before the signature in the authorization that was read last.
    private var before: [UInt8] = []
    private let looksInside: Bool

    /// - Parameter looksInside: whether a value under an innocent name is searched for what stands in the middle of it.
    package init(looksInside: Bool = false) { self.looksInside = looksInside }

    /// Forgets them and keeps the room.
    package mutating func removeAll() {
        found.removeAll(keepingCapacity: true)
        masked.removeAll(keepingCapacity: true)
        foundByLooks = false
    }

    /// One more that is masked, where it stands in none that is.
    package mutating func mask(_ place: Range<Int>) {
        masked = (masked + [place]).apart
    }

    /// Header fields, a line each.
    package mutating func lines(_ bytes: Span<UInt8>) {
        HeaderLines.forEach(in: bytes) { field($0, in: bytes) }
    }

    /// The value of a header field.
    package mutating func field(_ field: FieldRange, in bytes: Span<UInt8>) {
        let name = bytes.extracting(field.name)
        if SecretName.matches(name) {
            isAuthorization(name) ? credentials(field.value, in: bytes) : add(field.value)
        } else if name.count == 22, ASCII.equals(name, lowercase: "sec-websocket-protocol") {
            protocols(field.value, in: bytes)
        } else if name.count == 7 && ASCII.equals(name, lowercase: "referer")
            || name.count == 8 && ASCII.equals(name, lowercase: "location")
        {
            reference(field.value, in: bytes)
        } else if Self.looksLikeToken(field.value, in: bytes) {
            byLooks(field.value, in: bytes)
        } else if looksInside {
            inside(field.value, in: bytes)
        }
    }

    /// A list of parameters, JSON, a sentence.
    private mutating func inside(_ value: Range<Int>, in bytes: Span<UInt8>) {
        for place in BodySecrets.places(in: bytes.extracting(value)) {
            foundByLooks = true
            add(value.lowerBound + place.lowerBound..<value.lowerBound + place.upperBound)
        }
    }

    /// Whether `field` may find something; what it says no to holds nothing.
    static func mayBeIn(_ field: FieldRange, in bytes: Span<UInt8>) -> Bool {
        isTelling(bytes.extracting(field.name)) || looksLikeToken(field.value, in: bytes)
    }

    /// The value of a header field whose name says nothing of a secret.
    @inline(__always) package mutating func innocent(_ value: Range<Int>, in bytes: Span<UInt8>) {
        if Self.looksLikeToken(value, in: bytes) { byLooks(value, in: bytes) }
    }

    private mutating func byLooks(_ value: Range<Int>, in bytes: Span<UInt8>) {
        foundByLooks = true
        let known = found.count
        authorization(value, in: bytes)
        masked.append(contentsOf: found[known...])
    }

    /// Whether the name of a header field says that its value is one, or may have one inside.
    package static func isTelling(_ name: Span<UInt8>) -> Bool {
        SecretName.matches(name) || ASCII.equals(name, lowercase: "sec-websocket-protocol")
            || ASCII.equals(name, lowercase: "referer") || ASCII.equals(name, lowercase: "location")
    }

    /// A URL, whose query and fragment may hold tokens; or a token in its place, or in its path.
    private mutating func reference(_ url: Range<Int>, in bytes: Span<UInt8>) {
        if Self.looksLikeToken(url, in: bytes) { return byLooks(url, in: bytes) }
        let mark = min(
            ByteSearch.first(UInt8(ascii: "?"), in: bytes, url), ByteSearch.first(UInt8(ascii: "#"), in: bytes, url))
        if looksInside { inside(url.lowerBound..<mark, in: bytes) }
        if mark < url.upperBound { query(mark + 1..<url.upperBound, in: bytes) }
    }

    /// The values of a query or a form, whose names may hide behind percent-encoding.
    package mutating func query(_ query: Range<Int>, in bytes: Span<UInt8>) {
        var start = query.lowerBound
        while start < query.upperBound {
            var end = start
            var equals: Int?
            while end < query.upperBound, bytes[end] != UInt8(ascii: "&"), bytes[end] != UInt8(ascii: "#") {
                if equals == nil, bytes[end] == UInt8(ascii: "=") { equals = end }
                end += 1
            }
            if let equals {
                let isSecret =
                    Self.isSecret(bytes.extracting(start..<equals))
                    || Self.looksLikeToken(equals + 1..<end, in: bytes)
                    || looksInside && Self.holdsSecret(bytes.extracting(equals + 1..<end))
                if isSecret { add(equals + 1..<end) }
            }
            // A token that is no parameter's value, or stands for a name.
            if Self.looksLikeToken(start..<(equals ?? end), in: bytes) { add(start..<(equals ?? end)) }
            start = end + 1
        }
    }

    /// JSON, or another URL, behind percent-encoding. What of it is secret has no place in the bytes as they are.
    private static func holdsSecret(_ value: Span<UInt8>) -> Bool {
        let mayHold =
            ByteSearch.first(UInt8(ascii: "%"), in: value, 0..<value.count) < value.count
            || ByteSearch.first(UInt8(ascii: "="), in: value, 0..<value.count) < value.count
        guard value.count > 7, mayHold,
            let decoded = PercentEncoding.decode(value.withUnsafeBufferPointer { Array($0) }, plusIsSpace: true)
        else { return false }
        return !BodySecrets.places(in: decoded.span).isEmpty
    }

    private mutating func add(_ range: Range<Int>) {
        note(range)
        if !range.isEmpty { masked.append(range) }
    }

    private mutating func note(_ range: Range<Int>) {
        if !range.isEmpty { found.append(range) }
    }

    /// The journal keeps nothing of it; an answer may still not repeat the secrets in it.
    private mutating func credentials(_ value: Range<Int>, in bytes: Span<UInt8>) {
        authorization(value, in: bytes)
        if !value.isEmpty { masked.append(value) }
    }

    private func isAuthorization(_ name: Span<UInt8>) -> Bool {
        name.count >= 13
            && ASCII.equals(name.extracting(name.count - 13..<name.count), lowercase: "authorization")
    }

    /// RFC 9110 11.4: `credentials = auth-scheme [ 1*SP ( token68 / #auth-param ) ]`. The scheme stays when it is a known
    /// one: an unknown first word may be the secret itself. What is found here is masked by whoever asks.
    private mutating func authorization(_ value: Range<Int>, in bytes: Span<UInt8>) {
        let schemeEnd = ByteSearch.first(UInt8(ascii: " "), in: bytes, value)
        let scheme = bytes.extracting(value.lowerBound..<schemeEnd)
        if ASCII.equals(scheme, lowercase: "aws4-hmac-sha256") {
            signed(value, schemeEnd..<value.upperBound, in: bytes)
        } else if Self.isKnown(scheme) {
            var start = schemeEnd
            while start < value.upperBound, bytes[start] == UInt8(ascii: " ") { start += 1 }
            note(start..<value.upperBound)
        } else {
            note(value)
        }
    }

    private static func isKnown(_ scheme: Span<UInt8>) -> Bool {
        ASCII.equals(scheme, lowercase: "bearer") || ASCII.equals(scheme, lowercase: "basic")
            || ASCII.equals(scheme, lowercase: "digest") || ASCII.equals(scheme, lowercase: "dpop")
            || ASCII.equals(scheme, lowercase: "negotiate") || ASCII.equals(scheme, lowercase: "token")
    }

    /// A client signs the same fields with the same credential all day, so what stands before the signature is known
    /// again; nothing but the signature's digits may follow.
    private mutating func signed(_ value: Range<Int>, _ parameters: Range<Int>, in bytes: Span<UInt8>) {
        let known = before.count
        if known > 0, value.count == known + Self.signatureDigits {
            let digits = value.lowerBound + known..<value.upperBound
            if ByteSearch.equal(bytes.extracting(value.lowerBound..<digits.lowerBound), before.span),
                ByteSearch.firstBelow(UInt8(ascii: "0"), in: bytes, digits) == digits.upperBound
            {
                return note(digits)
            }
        }
        let first = found.count
        signature(parameters, in: bytes)
        guard found.count == first + 1, let place = found.last, place.count == Self.signatureDigits,
            place.upperBound == value.upperBound, bytes[place.lowerBound - 1] == UInt8(ascii: "="), value.count < 2_048
        else { return }
        before = bytes.extracting(value.lowerBound..<place.lowerBound).withUnsafeBufferPointer { Array($0) }
    }

    private static let signatureDigits = 64

    /// `Credential=…, SignedHeaders=…, Signature=…`: the first two are no secrets.
    private mutating func signature(_ parameters: Range<Int>, in bytes: Span<UInt8>) {
        var list = parameters
        while let part = Self.nextPart(of: &list, in: bytes) {
            if let start = Self.after("signature=", part, in: bytes) {
                note(start..<part.upperBound)
            } else if !Self.isPublic("credential=", part, in: bytes), !Self.isPublic("signedheaders=", part, in: bytes)
            {
                note(part)
            }
        }
    }

    /// A browser's bearer token: `base64UrlBearerAuthorization.<base64url of the token>, base64UrlBearerAuthorization`.
    private mutating func protocols(_ value: Range<Int>, in bytes: Span<UInt8>) {
        var list = value
        while let part = Self.nextPart(of: &list, in: bytes) {
            if let token = Self.after("base64urlbearerauthorization.", part, in: bytes) {
                add(token..<part.upperBound)
            } else if Self.looksLikeToken(part, in: bytes) {
                add(part)
            }
        }
    }

    /// Takes the part before the next comma off the list, without the spaces around it.
    private static func nextPart(of list: inout Range<Int>, in bytes: Span<UInt8>) -> Range<Int>? {
        guard !list.isEmpty else { return nil }
        let comma = ByteSearch.first(UInt8(ascii: ","), in: bytes, list)
        var (start, end) = (list.lowerBound, comma)
        while start < end, bytes[start] <= 0x20 { start += 1 }
        while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
        list = min(comma + 1, list.upperBound)..<list.upperBound
        return start..<end
    }

    /// Where the part goes on after this prefix (lower case), if it begins with it.
    private static func after(_ prefix: StaticString, _ part: Range<Int>, in bytes: Span<UInt8>) -> Int? {
        let end = part.lowerBound + prefix.utf8CodeUnitCount
        guard end <= part.upperBound, bytes[part.lowerBound] | 0x20 == prefix.utf8Start[0] else { return nil }
        return ASCII.equals(bytes.extracting(part.lowerBound..<end), lowercase: prefix) ? end : nil
    }

    private static func isPublic(_ prefix: StaticString, _ part: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        guard let start = after(prefix, part, in: bytes) else { return false }
        let rest = start..<part.upperBound
        return ByteSearch.first(UInt8(ascii: " "), in: bytes, rest) == rest.upperBound
            && ByteSearch.first(UInt8(ascii: "="), in: bytes, rest) == rest.upperBound
    }

    /// Whether a text would be masked as the value of any header field.
    package static func looksLikeToken(_ text: Span<UInt8>) -> Bool { looksLikeToken(0..<text.count, in: text) }

    /// A token under an innocent name: `Bearer …`, or a JWT, whose header `{"` is `eyJ` in base64url.
    private static func looksLikeToken(_ value: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        guard value.count > 7 else { return false }
        let first = bytes[value.lowerBound]
        if first == UInt8(ascii: "e") {
            return bytes[value.lowerBound + 1] == UInt8(ascii: "y") && bytes[value.lowerBound + 2] == UInt8(ascii: "J")
        }
        return first | 0x20 == UInt8(ascii: "b") && after("bearer ", value, in: bytes) != nil
    }

    private static func isSecret(_ name: Span<UInt8>) -> Bool {
        var isEncoded = false
        for index in 0..<name.count where name[index] == UInt8(ascii: "%") || name[index] == UInt8(ascii: "+") {
            isEncoded = true
        }
        guard isEncoded else { return SecretName.matches(name) }
        let raw = name.withUnsafeBufferPointer { Array($0) }
        // A name that cannot be decoded is no name; what stands under it may be anything.
        guard let decoded = PercentEncoding.decode(raw, plusIsSpace: true) else { return true }
        return SecretName.matches(decoded.span)
    }
}

extension [Range<Int>] {
    /// In ascending order; those that overlap are one.
    package var apart: [Range<Int>] {
        if count < 2 { return self }
        var apart: [Range<Int>] = []
        for range in sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = apart.last, range.lowerBound < last.upperBound {
                apart[apart.count - 1] = last.lowerBound..<Swift.max(last.upperBound, range.upperBound)
            } else {
                apart.append(range)
            }
        }
        return apart
    }
}
