import Bytes

// Rules.  Whoever sends a request says which of its fields count, so the list is as little to be trusted as the rest: a
//         name that comes a thousand times may not cost a thousand copies of its value.
// Theory. Each field stands in the text once, so that an honest text is no longer than the head and the list together. One
//         that grows beyond it repeats something, and is given up.

/// The canonical headers: "Lowercase(<HeaderName>) + ":" + Trim(<value>) + "\n"", for the names that the client says
/// it signed, in its order.
package enum CanonicalHeaders {
    /// More are in no request that anybody signs, and each is looked for among all fields.
    package static let mostNames = 1_000

    /// Returns false when a signed header is not there: it stands in the text as an empty value, and no signature
    /// matches it. So it is of a list that is given up.
    package static func append(
        _ names: Range<Int>, of source: [UInt8], from message: borrowing Message, hostWithoutPort: Bool = false,
        redacting: Bool = false, to text: inout [UInt8]
    ) -> Bool {
        let isPlain = !hostWithoutPort && !redacting && !ASCII.hasCapital(source.span.extracting(names))
        let most = text.count + message.head.count + 2 * names.count + 16 * message.fields.count
        var isComplete = true
        var start = names.lowerBound
        var count = 0
        repeat {
            count += 1
            if text.count > most || count > mostNames { return false }
            let end = ByteSearch.first(UInt8(ascii: ";"), in: source.span, start..<names.upperBound)
            let name = source.span.extracting(start..<end)
            start = end + 1
            if isPlain, let value = onlyPlainValue(of: name, in: message) {
                appendLine(name, message.head.span.extracting(value), to: &text)
                continue
            }
            appendLowercased(name, to: &text)
            let isSecret = redacting && SecretName.matches(name)
            let cutsPort = hostWithoutPort && ASCII.equals(name, lowercase: "host")
            text.append(UInt8(ascii: ":"))
            let found = appendValues(of: name, in: message, isSecret: isSecret, cutsPort: cutsPort, to: &text)
            text.append(UInt8(ascii: "\n"))
            isComplete = isComplete && found
        } while start <= names.upperBound
        return isComplete
    }

    /// The value of the only field of this name, if nothing of it has to be left out: nearly every one there is.
    private static func onlyPlainValue(of name: Span<UInt8>, in message: borrowing Message) -> Range<Int>? {
        let bytes = message.head.span
        var found: Range<Int>?
        for field in message.fields where field.name.count == name.count {
            guard ASCII.equalsIgnoringCase(bytes.extracting(field.name), name) else { continue }
            if found != nil { return nil }
            found = field.value
        }
        // Whatever is no visible character may be white space.
        guard let found, ByteSearch.firstBelow(0x21, in: bytes, found) == found.upperBound else { return nil }
        return found
    }

    private static func appendLine(_ name: Span<UInt8>, _ value: Span<UInt8>, to text: inout [UInt8]) {
        text.append(addingCapacity: name.count + value.count + 2) { line in
            line.append(name)
            line.append(UInt8(ascii: ":"))
            line.append(value)
            line.append(UInt8(ascii: "\n"))
        }
    }

    private static func appendLowercased(_ name: Span<UInt8>, to text: inout [UInt8]) {
        text.append(addingCapacity: name.count) { letters in
            for index in 0..<name.count { letters.append(ASCII.lowercased(name[index])) }
        }
    }

    /// Whether the `;`-separated list has this name, whatever its case.
    package static func contains(_ wanted: StaticString, in names: Range<Int>, of source: [UInt8]) -> Bool {
        let bytes = source.span
        var start = names.lowerBound
        repeat {
            let end = ByteSearch.first(UInt8(ascii: ";"), in: bytes, start..<names.upperBound)
            if ASCII.equals(bytes.extracting(start..<end), lowercase: wanted) { return true }
            start = end + 1
        } while start <= names.upperBound
        return false
    }

    /// "For headers with multiple values, separate the values with commas", in the order they were sent.
    private static func appendValues(
        of name: Span<UInt8>, in message: borrowing Message, isSecret: Bool, cutsPort: Bool, to text: inout [UInt8]
    ) -> Bool {
        var isFirst = true
        let isHost = ASCII.equals(name, lowercase: "host")
        for field in message.fields where field.name.count == name.count {
            guard ASCII.equalsIgnoringCase(message.head.span.extracting(field.name), name) else { continue }
            // There is one host, however often it is named: where a message may name it twice, it names the same.
            if isHost, !isFirst { continue }
            if !isFirst { text.append(UInt8(ascii: ",")) }
            isFirst = false
            if isSecret {
                text.append(SecretName.mask)
            } else {
                let value = cutsPort ? withoutPort(field.value, of: message.head.span) : field.value
                appendTrimmed(value, of: message.head, to: &text)
            }
        }
        return !isFirst
    }

    /// "Remove excess white space before and after values, and convert sequential spaces to a single space." All white
    /// space counts, as in botocore and the SDKs for Java and JavaScript.
    private static func appendTrimmed(_ value: Range<Int>, of head: [UInt8], to text: inout [UInt8]) {
        let bytes = head.span
        var start = value.lowerBound
        var isFirst = true
        while start < value.upperBound {
            var end = start
            while end < value.upperBound, !isWhiteSpace(bytes[end]) { end += 1 }
            if end > start {
                if !isFirst { text.append(UInt8(ascii: " ")) }
                isFirst = false
                text.append(start..<end, of: head)
            }
            start = end + 1
        }
    }

    private static func isWhiteSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// `name:8443` → `name`. Some signers sign the name of the host without the port that they then send.
    private static func withoutPort(_ value: Range<Int>, of bytes: Span<UInt8>) -> Range<Int> {
        var end = value.upperBound
        while end > value.lowerBound, ASCII.isDigit(bytes[end - 1]) { end -= 1 }
        guard end > value.lowerBound, bytes[end - 1] == UInt8(ascii: ":") else { return value }
        return value.lowerBound..<(end - 1)
    }
}
