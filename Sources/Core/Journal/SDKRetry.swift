import Bytes

/// What the SDKs say of their retries: `amz-sdk-request: attempt=2; max=3`.
enum SDKRetry {
    static func attempt(in field: ArraySlice<UInt8>?) -> Int? {
        field.flatMap { number("attempt", in: String(lossy: $0)) }
    }

    static func number(_ name: String, in parameters: String) -> Int? {
        for part in parameters.split(separator: ";") {
            let words = part.split(separator: "=", maxSplits: 1).map { $0.drop { $0 == " " } }
            if words.count == 2, words[0] == name, let number = ASCII.decimal(Array(words[1].utf8)) { return number }
        }
        return nil
    }
}
