import Bytes
import Time

/// Why a signature was not accepted: the answer, and what the server computed.
package struct SignatureRefusal: Error, Equatable, Sendable {
    package var status: Int
    package var errorType: String
    /// The text without any echo.
    package var message: String
    /// What the message does not say and a developer wants to know.
    package var why: String?
    package var accessKeyId: String?
    /// For a signature that does not match, with secrets left out.
    package var canonicalRequest: String?
    package var stringToSign: String?

    package init(status: Int, errorType: String, message: String, why: String? = nil) {
        self.status = status
        self.errorType = errorType
        self.message = message
        self.why = why
    }
}

// Every refusal of a signature, in the order in which they are looked for; the texts are the service's to the letter,
// trailing spaces included. [inferred] marks a text that nobody has published; everything else was observed.
extension SignatureRefusal {
    // MARK: what the request carries

    static let bothForms = invalid(
        "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.")

    /// [inferred]
    static let severalAuthorizations = incomplete("Authorization header must be sent exactly once.")

    /// The two digits that are none, or nothing where the query ends too early.
    static func malformedQuery(_ escape: [UInt8]) -> SignatureRefusal {
        let message =
            escape.isEmpty
            ? "Incomplete trailing escape % sequence"
            : "Illegal hex character in escape % pattern: %\(String(lossy: escape))"
        return SignatureRefusal(status: 400, errorType: "MalformedQueryString", message: message)
    }

    static func unsupportedAlgorithm(_ name: String) -> SignatureRefusal {
        incomplete("Unsupported AWS 'algorithm': '\(name)'.")
    }

    /// What is hashed is not documented; here it is the whole header value [inferred].
    static func notKeyEqualsValue(hashOfHeader: String) -> SignatureRefusal {
        incomplete(
            "Invalid key=value pair (missing equal-sign) in Authorization header "
                + "(hashed with SHA-256 and encoded with Base64): '\(hashOfHeader)'.")
    }

    /// - Parameter missing: `Credential`, `Signature`, `SignedHeaders`, in this order.
    static func missingInHeader(_ missing: [String], date isDateMissing: Bool, header: String) -> SignatureRefusal {
        var sentences = missing.map { "Authorization header requires '\($0)' parameter." }
        if isDateMissing {
            sentences.append(
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
        }
        return incomplete(sentences.joined(separator: " ") + " Authorization=\(header)")
    }

    static func missingInQuery(_ missing: [String]) -> SignatureRefusal {
        let sentences = missing.map { "AWS query-string parameters must include '\($0)'." }
        return incomplete(sentences.joined(separator: " ") + " Re-examine the query-string parameters.")
    }

    static let hostNotSigned = invalid(
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")

    // MARK: when it was made

    static func badDate(_ text: String) -> SignatureRefusal {
        incomplete(
            "Date must be in ISO-8601 'basic format'. Got '\(text)'. See http://en.wikipedia.org/wiki/ISO_8601")
    }

    /// S3's three texts; of other services none is known [inferred]. That X-Amz-Expires has to be there is S3's rule too
    /// [inferred]: without it a URL would have no end of its own.
    static let lifetimeNotANumber = incomplete("X-Amz-Expires must be a number")
    static let lifetimeNegative = incomplete("X-Amz-Expires must be non-negative")
    static let lifetimeTooLong = incomplete(
        "X-Amz-Expires must be less than a week (in seconds); "
            + "that is, the given X-Amz-Expires must be less than 604800 seconds")

    /// For a presigned request the span is `X-Amz-Expires`, in the words of the fixed window [inferred].
    static func expired(signed: String, earliest: String, now: String, seconds: Int64) -> SignatureRefusal {
        invalid("Signature expired: \(signed) is now earlier than \(earliest) (\(now) - \(span(seconds)))")
    }

    /// Observed as `+ 15 min.` where the window is 15 minutes.
    static func notYetCurrent(signed: String, latest: String, now: String, seconds: Int64) -> SignatureRefusal {
        invalid("Signature not yet current: \(signed) is still later than \(latest) (\(now) + \(span(seconds)))")
    }

    private static func span(_ seconds: Int64) -> String {
        seconds % 60 == 0 ? "\(seconds / 60) min." : "\(seconds) sec."
    }

    // MARK: what it was made for

    static func notFiveParts(_ credential: String) -> SignatureRefusal {
        incomplete(
            "Credential must have exactly 5 slash-delimited elements, "
                + "e.g. keyid/date/region/service/term, got '\(credential)'")
    }

    /// The faults of a scope, each with its own trailing space, in this order.
    struct ScopeFaults {
        var text = ""

        mutating func region(_ found: String) {
            text += "Credential should be scoped to a valid region, not '\(found)'. "
        }
        mutating func service(expected: String) {
            text += "Credential should be scoped to correct service: '\(expected)'. "
        }
        mutating func terminator(_ found: String) {
            text += "Credential should be scoped with a valid terminator: 'aws4_request', not '\(found)'. "
        }
        mutating func date(_ found: String, expected: String, from timestamp: String) {
            text += "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
            text += "'\(found)' != '\(expected)', from '\(timestamp)'."
        }

        var refusal: SignatureRefusal { .invalid(text) }
    }

    // MARK: who made it

    static func unknownToken(why: String) -> SignatureRefusal {
        SignatureRefusal(
            status: 403, errorType: "UnrecognizedClientException",
            message: "The security token included in the request is invalid.", why: why)
    }

    static func expiredToken(why: String) -> SignatureRefusal {
        SignatureRefusal(
            status: 403, errorType: "ExpiredTokenException",
            message: "The security token included in the request is expired", why: why)
    }

    static let mismatch = invalid(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
            + "Key and signing method. Consult the service documentation for details.")

    /// The message as the service shows it when it tells what it computed.
    package var messageWithEcho: String {
        guard let canonicalRequest, let stringToSign else { return message }
        return "\(message)\n\nThe Canonical String for this request should have been\n'\(canonicalRequest)'"
            + "\n\nThe String-to-Sign should have been\n'\(stringToSign)'\n"
    }

    // MARK: envelopes

    private static func invalid(_ message: String) -> SignatureRefusal {
        SignatureRefusal(status: 403, errorType: "InvalidSignatureException", message: message)
    }

    private static func incomplete(_ message: String) -> SignatureRefusal {
        SignatureRefusal(status: 403, errorType: "IncompleteSignatureException", message: message)
    }
}
