import Bytes
import Crypto
import SigV4
import Testing
import Time

/// Every row of the table of texts, from a request that causes it. Quoted to the letter.
@Suite("Signature refusal") struct SignatureRefusalTests {
    static let whole =
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\(World.scope), SignedHeaders=host;x-amz-date, Signature=0"

    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var message: Message
        var type: String
        var text: String
        var status = 403
        var testDescription: String { name }
    }

    static let rows: [Row] = [
        Row(
            name: "both forms", message: Message(authorization: whole, target: "/?X-Amz-Algorithm=x"),
            type: "InvalidSignatureException",
            text: "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."),
        Row(
            name: "several headers", message: adding("Authorization", whole, to: Message(authorization: whole)),
            type: "IncompleteSignatureException", text: "Authorization header must be sent exactly once."),
        Row(
            name: "all elements missing", message: Message(authorization: "AWS4-HMAC-SHA256", date: nil),
            type: "IncompleteSignatureException",
            text: "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' "
                + "parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires "
                + "existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=AWS4-HMAC-SHA256"),
        Row(
            name: "one element missing",
            message: Message(authorization: "AWS4-HMAC-SHA256 Credential=a,SignedHeaders=,Signature=b"),
            type: "IncompleteSignatureException",
            text: "Authorization header requires 'SignedHeaders' parameter. "
                + "Authorization=AWS4-HMAC-SHA256 Credential=a,SignedHeaders=,Signature=b"),
        Row(
            name: "not key=value", message: Message(authorization: "AWS4-HMAC-SHA256 Credential"),
            type: "IncompleteSignatureException",
            text: "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and "
                + "encoded with Base64): '\(hash("AWS4-HMAC-SHA256 Credential"))'."),
        Row(
            name: "another scheme", message: Message(authorization: "Basic Zm9v"),
            type: "IncompleteSignatureException",
            text: "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and "
                + "encoded with Base64): '\(hash("Basic Zm9v"))'."),
        Row(
            name: "algorithm", message: Message(authorization: "AWS4-HMAC-SHA512 Credential=a"),
            type: "IncompleteSignatureException", text: "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512'."),
        Row(
            name: "algorithm in the query", message: presigned("X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256"),
            type: "IncompleteSignatureException", text: "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'."),
        Row(
            name: "all parameters missing", message: presigned("X-Amz-Algorithm="),
            type: "IncompleteSignatureException",
            text: "AWS query-string parameters must include 'X-Amz-Algorithm'. AWS query-string parameters must "
                + "include 'X-Amz-Credential'. AWS query-string parameters must include 'X-Amz-Signature'. AWS "
                + "query-string parameters must include 'X-Amz-SignedHeaders'. AWS query-string parameters must "
                + "include 'X-Amz-Date'. AWS query-string parameters must include 'X-Amz-Expires'. "
                + "Re-examine the query-string parameters."),
        Row(
            name: "no lifetime", message: presignedForEver, type: "IncompleteSignatureException",
            text: "AWS query-string parameters must include 'X-Amz-Expires'. "
                + "Re-examine the query-string parameters."),
        Row(
            name: "one parameter missing",
            message: presigned(
                "X-Amz-Credential=a&X-Amz-Signature=b&X-Amz-SignedHeaders=host&X-Amz-Date=20260115T120000Z"
                    + "&X-Amz-Expires=60"),
            type: "IncompleteSignatureException",
            text: "AWS query-string parameters must include 'X-Amz-Algorithm'. "
                + "Re-examine the query-string parameters."),
        Row(
            name: "query ends in an escape", message: presigned("X-Amz-Algorithm=a&b=%4"),
            type: "MalformedQueryString", text: "Incomplete trailing escape % sequence", status: 400),
        Row(
            name: "no hexadecimal digit", message: presigned("X-Amz-Algorithm=a&b=%4g&c"),
            type: "MalformedQueryString", text: "Illegal hex character in escape % pattern: %4g", status: 400),
        Row(
            name: "no hexadecimal digit beside a header", message: Message(authorization: whole, target: "/?a=%é"),
            type: "MalformedQueryString", text: "Illegal hex character in escape % pattern: %é", status: 400),
        Row(
            name: "host not signed", message: header(names: "x-amz-date"), type: "InvalidSignatureException",
            text: "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."),
        Row(
            name: "bad date", message: Message(authorization: whole, date: "201"),
            type: "IncompleteSignatureException",
            text: "Date must be in ISO-8601 'basic format'. Got '201'. See http://en.wikipedia.org/wiki/ISO_8601"),
        Row(
            name: "expired", message: Message(authorization: whole, date: "20260115T113000Z"),
            type: "InvalidSignatureException",
            text: "Signature expired: 20260115T113000Z is now earlier than 20260115T115500Z "
                + "(20260115T120000Z - 5 min.)"),
        Row(
            name: "not yet current", message: Message(authorization: whole, date: "20260115T123000Z"),
            type: "InvalidSignatureException",
            text: "Signature not yet current: 20260115T123000Z is still later than 20260115T120500Z "
                + "(20260115T120000Z + 5 min.)"),
        Row(
            name: "presigned and expired", message: presignedAt("20260115T115859Z", lifetime: "60"),
            type: "InvalidSignatureException",
            text: "Signature expired: 20260115T115859Z is now earlier than 20260115T115900Z "
                + "(20260115T120000Z - 1 min.)"),
        Row(
            name: "presigned for odd seconds, and expired", message: presignedAt("20260115T115800Z", lifetime: "61"),
            type: "InvalidSignatureException",
            text: "Signature expired: 20260115T115800Z is now earlier than 20260115T115859Z "
                + "(20260115T120000Z - 61 sec.)"),
        Row(
            name: "lifetime in words", message: presignedAt("20260115T120000Z", lifetime: "soon"),
            type: "IncompleteSignatureException", text: "X-Amz-Expires must be a number"),
        Row(
            name: "lifetime below zero", message: presignedAt("20260115T120000Z", lifetime: "-1"),
            type: "IncompleteSignatureException", text: "X-Amz-Expires must be non-negative"),
        Row(
            name: "lifetime over a week", message: presignedAt("20260115T120000Z", lifetime: "604801"),
            type: "IncompleteSignatureException",
            text: "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less "
                + "than 604800 seconds"),
        Row(
            name: "four parts", message: header(credential: "foo/bar/20210531/us-east-1/sts/aws4_request"),
            type: "IncompleteSignatureException",
            text: "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got "
                + "'foo/bar/20210531/us-east-1/sts/aws4_request'"),
        Row(
            name: "no region", message: header(credential: "K/20260115//bedrock-agentcore/aws4_request"),
            type: "InvalidSignatureException", text: "Credential should be scoped to a valid region, not ''. "),
        Row(
            name: "no name of a region",
            message: header(credential: "K/20260115/US_WEST/bedrock-agentcore/aws4_request"),
            type: "InvalidSignatureException",
            text: "Credential should be scoped to a valid region, not 'US_WEST'. "),
        Row(
            name: "service", message: header(credential: "K/20260115/us-west-2/bedrock/aws4_request"),
            type: "InvalidSignatureException",
            text: "Credential should be scoped to correct service: 'bedrock-agentcore'. "),
        Row(
            name: "terminator", message: header(credential: "K/20260115/us-west-2/bedrock-agentcore/e"),
            type: "InvalidSignatureException",
            text: "Credential should be scoped with a valid terminator: 'aws4_request', not 'e'. "),
        Row(
            name: "day", message: header(credential: "K/20260114/us-west-2/bedrock-agentcore/aws4_request"),
            type: "InvalidSignatureException",
            text: "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
                + "'20260114' != '20260115', from '20260115T120000Z'."),
        Row(
            name: "the whole scope", message: header(credential: "a/b//d/e"), type: "InvalidSignatureException",
            text: "Credential should be scoped to a valid region, not ''. Credential should be scoped to correct "
                + "service: 'bedrock-agentcore'. Credential should be scoped with a valid terminator: 'aws4_request', "
                + "not 'e'. Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
                + "'b' != '20260115', from '20260115T120000Z'."),
        Row(
            name: "unknown key", message: header(credential: "AKIDUNKNOWN/\(World.scope)"),
            type: "UnrecognizedClientException", text: "The security token included in the request is invalid."),
        Row(
            name: "mismatch", message: Message(authorization: whole), type: "InvalidSignatureException",
            text: "The request signature we calculated does not match the signature you provided. Check your AWS "
                + "Secret Access Key and signing method. Consult the service documentation for details."),
    ]

    @Test("status, type and text", arguments: rows)
    func text(row: Row) throws {
        let refusal = try #require(World.refusal(row.message))
        #expect(refusal.status == row.status)
        #expect(refusal.errorType == row.type)
        #expect(refusal.message == row.text)
    }

    @Test("bodies are as long as the ones that were captured")
    func lengths() throws {
        // Content-Length 192 for the bare mismatch and 67 for the expired token, with `{"message":"…"}` around them.
        let mismatch = try #require(World.refusal(Message(authorization: Self.whole)))
        #expect(mismatch.message.utf8.count == 192 - 14)
        let expired = try #require(World.refusal(Message(authorization: Self.whole), expires: World.now))
        #expect(expired.message.utf8.count == 67 - 14)
    }

    @Test("the echo shows the canonical request and the string to sign")
    func echo() throws {
        let refusal = try #require(World.refusal(Message(authorization: Self.whole)))
        let canonical = try #require(refusal.canonicalRequest)
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        #expect(
            canonical == "GET\n/\n\nhost:\(World.host)\nx-amz-date:20260115T120000Z\n\nhost;x-amz-date\n\(empty)")
        let digest = Hex.encode(SHA256.hash(Array(canonical.utf8)))
        let stringToSign = "AWS4-HMAC-SHA256\n20260115T120000Z\n\(World.scope)\n\(digest)"
        #expect(refusal.stringToSign == stringToSign)
        #expect(
            refusal.messageWithEcho
                == refusal.message + "\n\nThe Canonical String for this request should have been\n'\(canonical)'\n\n"
                + "The String-to-Sign should have been\n'\(stringToSign)'\n")
        #expect(
            World.refusal(Self.header(names: "x"))?.messageWithEcho == World.refusal(Self.header(names: "x"))?.message)
    }

    // MARK: requests

    static func header(credential: String = "AKIDEXAMPLE/\(World.scope)", names: String = "host") -> Message {
        Message(
            authorization: "AWS4-HMAC-SHA256 Credential=\(credential), SignedHeaders=\(names), Signature=0")
    }

    static func presigned(_ query: String) -> Message {
        Message(method: "GET", target: "/?\(query)", fields: [("Host", World.host)])
    }

    static let presignedForEver = presigned(
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20260115%2Fus-west-2%2Fbedrock-agentcore"
            + "%2Faws4_request&X-Amz-Date=20260115T120000Z&X-Amz-SignedHeaders=host&X-Amz-Signature=0")

    static func presignedAt(_ date: String, lifetime: String) -> Message {
        presigned(
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20260115%2Fus-west-2%2Fbedrock-agentcore"
                + "%2Faws4_request&X-Amz-Date=\(date)&X-Amz-Expires=\(lifetime)&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature=0")
    }

    static func adding(_ name: String, _ value: String, to message: Message) -> Message {
        var copy = message
        copy.add(name, value)
        return copy
    }

    static func hash(_ header: String) -> String { Base64.standard.encode(SHA256.hash(Array(header.utf8))) }
}
