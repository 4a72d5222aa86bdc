import Bytes
import HTTPWire

/// What the SDKs tell of their retries: `amz-sdk-invocation-id`, and `amz-sdk-request: attempt=1; max=3`.
package struct Invocation: Equatable, Sendable {
    package var id: String?
    package var attempt: Int?
    package var max: Int?
}

/// Header fields of a call, read where they lie.
extension CallRecord {
    /// Each field of `.requestHeaders` or `.replyHeaders`.
    package func forEachHeader(
        _ section: CallField, _ body: (_ name: Span<UInt8>, _ value: ArraySlice<UInt8>) -> Void
    ) {
        let lines = content(section) ?? []
        HeaderLines.forEach(in: lines.span) { field in
            body(
                lines.span.extracting(field.name), lines.dropFirst(field.value.lowerBound).prefix(field.value.count))
        }
    }

    /// The first field of this name, which is given in lower case.
    package func header(_ section: CallField, _ name: StaticString) -> String? {
        var found: String?
        forEachHeader(section) { field, value in
            if found == nil, ASCII.equals(field, lowercase: name) { found = String(lossy: value) }
        }
        return found
    }

    /// Which attempt of its caller's the call was, as far as the SDK says it.
    package var attempt: Int? { number(.attempt).map { Int($0) } ?? invocation?.attempt }

    package var invocation: Invocation? {
        let id = header(.requestHeaders, "amz-sdk-invocation-id")
        let parameters = header(.requestHeaders, "amz-sdk-request")
        guard id != nil || parameters != nil else { return nil }
        func number(_ name: StaticString) -> Int? { parameters.flatMap { SDKRetry.number(name, in: $0.utf8.span) } }
        return Invocation(id: id, attempt: number("attempt"), max: number("max"))
    }
}

/// What the SDKs say of their retries: `amz-sdk-request: attempt=2; max=3`.
package enum SDKRetry {
    static func attempt(in field: ArraySlice<UInt8>?) -> Int? { field.flatMap { number("attempt", in: $0.span) } }

    /// Read as bytes: every call of an SDK has it, and a text in parts costs more than all the rest of a record.
    package static func number(_ name: StaticString, in parameters: Span<UInt8>) -> Int? {
        var start = 0
        while start < parameters.count {
            let end = ByteSearch.first(UInt8(ascii: ";"), in: parameters, start..<parameters.count)
            while start < end, parameters[start] == UInt8(ascii: " ") { start += 1 }
            let equals = ByteSearch.first(UInt8(ascii: "="), in: parameters, start..<end)
            if equals < end, ASCII.equals(parameters.extracting(start..<equals), lowercase: name),
                let number = decimal(parameters, equals + 1..<end)
            {
                return number
            }
            start = end + 1
        }
        return nil
    }

    private static func decimal(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        var start = range.lowerBound
        while start < range.upperBound, bytes[start] == UInt8(ascii: " ") { start += 1 }
        guard start < range.upperBound, range.upperBound - start <= 18 else { return nil }
        var value = 0
        for place in start..<range.upperBound {
            guard ASCII.isDigit(bytes[place]) else { return nil }
            value = value * 10 + Int(bytes[place] - 0x30)
        }
        return value
    }
}
