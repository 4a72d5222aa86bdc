import Crypto
import HTTPWire

/// SHA-256 of a large signed body, made while it arrives: hashing 100 MB at its end would keep every other connection
/// waiting for a tenth of a second.
final class BodyHash {
    /// Below this, hashing at the end costs less than it takes to notice.
    static let threshold = 65_536

    /// Nil for a body that nobody will ask the hash of: one without a signature in its head.
    private let context: DigestContext?
    private var hashed = 0
    /// Where the content is put that nobody needs in memory.
    var spool: SpooledContent?

    init(_ head: Request) {
        let isSigned = head.value(of: .authorization)?.starts(with: "AWS4-".utf8) ?? false
        context = isSigned ? DigestContext(.sha256) : nil
    }

    /// Takes what has arrived since the last time, of a body of which this much is there.
    func update(_ body: [UInt8]) {
        guard let context, body.count > hashed else { return }
        context.update(body.span.extracting(hashed...))
        hashed = body.count
    }

    /// What of the body need not stay goes where it can be had again; false when it cannot.
    func setAside(_ body: inout [UInt8]) -> Bool {
        guard let spool, body.count > SpooledContent.kept else { return true }
        guard spool.append(body[SpooledContent.kept...]) else { return false }
        body.removeSubrange(SpooledContent.kept...)
        hashed = SpooledContent.kept
        return true
    }

    /// Takes the rest of the whole body.
    func finish(_ body: [UInt8]) -> [UInt8]? {
        update(body)
        return context?.finish()
    }
}
