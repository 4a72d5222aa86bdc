import Crypto
import HTTPWire

/// SHA-256 of a large signed body, made while it arrives: hashing 100 MB at its end would keep every other connection
/// waiting for a tenth of a second.
final class BodyHash {
    /// Below this, hashing at the end costs less than it takes to notice.
    static let threshold = 65_536

    private let context = DigestContext(.sha256)
    private var hashed = 0

    /// Nil for a body that nobody will ask the hash of: one without a signature in its head.
    init?(_ head: Request) {
        guard let authorization = head.value(of: "authorization"), authorization.starts(with: "AWS4-".utf8) else {
            return nil
        }
    }

    /// Takes what has arrived since the last time.
    func update(from parser: borrowing RequestParser) {
        let count = parser.bodyCount
        guard count > hashed else { return }
        parser.withBody(from: hashed) { context.update($0) }
        hashed = count
    }

    /// Takes the rest of the whole body.
    func finish(_ body: [UInt8]) -> [UInt8] {
        if body.count > hashed { context.update(body.span.extracting(hashed...)) }
        return context.finish()
    }
}
