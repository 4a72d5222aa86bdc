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
        var rest = credential
        /// The part before the next slash; nil when there is none.
        func part() -> Range<Int>? {
            let slash = ByteSearch.first(UInt8(ascii: "/"), in: bytes.span, rest)
            guard slash < rest.upperBound else { return nil }
            defer { rest = (slash + 1)..<rest.upperBound }
            return rest.lowerBound..<slash
        }
        guard let accessKeyId = part(), let date = part(), let region = part(), let service = part(), part() == nil
        else { return nil }
        self.accessKeyId = accessKeyId
        self.date = date
        self.region = region
        self.service = service
        terminator = rest
    }
}

extension CredentialScope {
    /// Region, service, terminator and date; everything that is wrong is told at once.
    func check(_ authorization: borrowing Authorization, _ wantedService: String) throws(Refusal) {
        let source = authorization.source
        var faults = Refusal.ScopeFaults()
        if !Self.isRegion(source.span.extracting(region)) { faults.region(authorization.text(region)) }
        if !Self.isSame(source, service, wantedService.utf8.span) { faults.service(expected: wantedService) }
        if !Self.isSame(source, terminator, Self.wantedTerminator.utf8.span) {
            faults.terminator(authorization.text(terminator))
        }
        let day = authorization.timestamp.prefix(8)
        if !ByteSearch.equal(source.span.extracting(date), source.span.extracting(day)) {
            faults.date(
                authorization.text(date), expected: authorization.text(day),
                from: authorization.text(authorization.timestamp))
        }
        if !faults.text.isEmpty { throw faults.refusal }
    }

    private static let wantedTerminator = "aws4_request"

    /// Which of the regions it is does not make a signature valid or not: whoever verifies it knows where it arrived.
    private static func isRegion(_ text: Span<UInt8>) -> Bool {
        for index in 0..<text.count where text[index] &- 0x61 >= 26 && !ASCII.isDigit(text[index]) {
            guard text[index] == UInt8(ascii: "-") else { return false }
        }
        return !text.isEmpty
    }

    private static func isSame(_ bytes: [UInt8], _ place: Range<Int>, _ wanted: Span<UInt8>) -> Bool {
        ByteSearch.equal(bytes.span.extracting(place), wanted)
    }
}
