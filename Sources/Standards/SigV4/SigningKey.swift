import Bytes
import Crypto

/// "kDate = HMAC("AWS4" + kSecret, Date), kRegion = HMAC(kDate, Region), kService = HMAC(kRegion, Service),
/// kSigning = HMAC(kService, "aws4_request")".
package enum SigningKey {
    package static func derive(
        secret: String, date: ArraySlice<UInt8>, region: ArraySlice<UInt8>, service: ArraySlice<UInt8>
    ) -> [UInt8] {
        let ofDate = HMAC.sha256(key: Array("AWS4\(secret)".utf8), message: Array(date))
        let ofRegion = HMAC.sha256(key: ofDate, message: Array(region))
        let ofService = HMAC.sha256(key: ofRegion, message: Array(service))
        return HMAC.sha256(key: ofService, message: Array("aws4_request".utf8))
    }
}
