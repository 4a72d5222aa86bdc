import DNSWire
import Forwarding
import HAR
import JSON
import Neighbours
import Redaction
import Time
import Verdicts

/// What was read of an archive can be written, and is read again.
@Sendable func readHAR(_ bytes: [UInt8]) {
    guard let archive = try? Archive(bytes) else { return }
    let again = try? Archive(archive.written.bytes(.compact))
    promise(again?.entries.count == archive.entries.count, "written and read again, the archive is another")
}

/// What is read without a mistake is judged, over no calls.
@Sendable func readExpectations(_ bytes: [UInt8]) {
    let (expectations, mistakes) = ExpectationFile.read(bytes, fileName: "fuzz.json")
    guard mistakes.isEmpty else { return }
    let findings = Examination(expectations).findings(at: Moment(Instant(seconds: 1_768_478_400)))
    promise(findings.results.count >= expectations.count, "an expectation has no verdict")
}

/// An answer to a question that it may not belong to, and the files that say whom to ask.
@Sendable func readDNS(_ bytes: [UInt8]) {
    guard let name = HostName("agents.example.com") else { return promise(false, "a good name is refused") }
    for family in AddressQuery.Family.allCases {
        _ = AddressQuery(id: 0x1234, name: name, family: family).answer(bytes)
    }
    _ = HostsFile(bytes)
    _ = ResolverConfiguration(bytes)
}

/// What programs and machines around an agent write: a datagram of X-Ray's daemon, a file of profiles.
@Sendable func readNeighbour(_ bytes: [UInt8]) {
    if DaemonDatagram.mistake(bytes) == nil {
        promise(!DaemonDatagram.request(bytes).body.isEmpty, "a good datagram makes no call")
    }
    _ = ProfileFile(bytes)
}

/// What was taken out is not there any more for the scan that shares no code with it; and in pieces as in one.
@Sendable func readRedaction(_ bytes: [UInt8]) {
    let isJSON = (try? Value.parse(bytes)) != nil
    for isEventStream in [false, true] {
        let rules = SecretRules()
        var whole = Redactor(rules: rules, pseudonyms: Pseudonyms(key: [1], entries: []))
        let redacted = whole.redact(bytes, isEventStream: isEventStream)
        // A secret that stood before it was known is taken out when a recording ends.
        let cleaned = whole.redact(redacted, isEventStream: isEventStream)
        var scan = FinalScan(rules: rules, known: whole.known)
        scan.scan(cleaned, isEventStream: isEventStream, place: "here")
        // In what is no JSON the scan takes more for an escape than the redactor does.
        promise(!isJSON || scan.remainders.isEmpty, "\(shown(cleaned)) holds \(scan.remainders)")
        var redactor = Redactor(rules: rules, pseudonyms: Pseudonyms(key: [1], entries: []))
        var stream = StreamRedactor(isEventStream ? .events : .text, rules: rules)
        var told: [StreamRedactor.Piece] = []
        for (index, byte) in bytes.enumerated() { told += stream.add([byte], at: index, &redactor) }
        told += stream.finish(&redactor)
        let joined = told.flatMap(\.bytes)
        promise(joined == redacted, "\(shown(joined)) in pieces, \(shown(redacted)) in one")
        promise(told.reduce(0) { $0 + $1.size } == bytes.count, "the pieces do not tell the sizes that there were")
    }
}

private func shown(_ bytes: [UInt8]) -> String { String(bytes.map { Character(UnicodeScalar($0)) }).debugDescription }
