import Bytes

/// `keyid/date/region/service/term` by places.
package struct CredentialScope: Equatable, Sendable {
    package var accessKeyId: Range<Int>
    package var date: Range<Int>
    package var region: Range<Int>
    package var service: Range<Int>
    package var terminator: Range<Int>

    /// Nil unless there are exactly five parts.
    package init?(_ credential: Range<Int>, of bytes: [UInt8]) {
        var slashes = (0, 0, 0, 0)
        var count = 0
        let span = bytes.span
        for index in credential where span[index] == UInt8(ascii: "/") {
            switch count {
            case 0: slashes.0 = index
            case 1: slashes.1 = index
            case 2: slashes.2 = index
            case 3: slashes.3 = index
            default: return nil
            }
            count += 1
        }
        guard count == 4 else { return nil }
        accessKeyId = credential.lowerBound..<slashes.0
        date = (slashes.0 + 1)..<slashes.1
        region = (slashes.1 + 1)..<slashes.2
        service = (slashes.2 + 1)..<slashes.3
        terminator = (slashes.3 + 1)..<credential.upperBound
    }
}

extension CredentialScope {
    /// Region, service, terminator and date; everything that is wrong is told at once.
    func check(_ authorization: Authorization, expecting expectation: Verifier.Expectation) throws(Refusal) {
        let source = authorization.source
        var faults = Refusal.ScopeFaults()
        if let wanted = expectation.region, !Self.isSame(source, region, wanted.utf8.span) {
            faults.region(authorization.text(region))
        }
        if !Self.isSame(source, service, expectation.service.utf8.span) {
            faults.service(expected: expectation.service)
        }
        if !Self.isSame(source, terminator, Self.wantedTerminator.utf8.span) {
            faults.terminator(authorization.text(terminator))
        }
        let day = source[authorization.timestamp].prefix(8)
        if source[date] != day {
            faults.date(
                authorization.text(date), expected: String(lossy: day),
                from: authorization.text(authorization.timestamp))
        }
        if !faults.text.isEmpty { throw faults.refusal }
    }

    private static let wantedTerminator = "aws4_request"

    private static func isSame(_ bytes: [UInt8], _ place: Range<Int>, _ wanted: Span<UInt8>) -> Bool {
        guard place.count == wanted.count else { return false }
        for offset in 0..<wanted.count where bytes[place.lowerBound + offset] != wanted[offset] { return false }
        return true
    }
}
