import Bytes
import HTTPWire
import Redaction
import Runtime

/// What callers call the whole that a call is a part of, in either of the two fields that carry it. The journal keeps the
/// id alone, as the tools show it in which one looks for a trace.
package enum CallerTrace {
    /// A call's, or nil when its caller tells none.
    package static func of(_ request: borrowing Request) -> String? {
        let field = request.value(of: .amznTrace) ?? request.value(of: .traceParent)
        // What is no id may be anything, also a secret.
        return field.flatMap { $0.isEmpty || !$0.allSatisfy(isUsual) ? nil : read(String(lossy: $0)) }
    }

    private static func isUsual(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || "-=;:_ ".utf8.contains(byte)
    }

    /// From a field's whole value, or from the id itself.
    package static func read(_ text: String) -> String {
        // X-Ray: `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1`, the parts in any order.
        for part in text.split(separator: ";") {
            let part = part.drop { $0 == " " }
            if part.utf8.count > 5, ASCII.equalsIgnoringCase(part.utf8.prefix(5), "root=".utf8) {
                return String(part.dropFirst(5).prefix(most))
            }
        }
        // W3C Trace Context 3.2: version, trace-id, parent-id and flags: `00-<32 hex>-<16 hex>-01`.
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        if parts.count >= 4, parts[0].utf8.count == 2, parts[1].utf8.count == 32 { return String(parts[1]) }
        return String(text.prefix(most))
    }

    private static let most = 128
}

/// A piece of a trace, as X-Ray is told of it: what a program did, when, and how it went.
package struct TraceSegment: Equatable, Sendable {
    /// `1-5759e988-bd862e3fe1be46a994272793`
    package let traceID: String
    /// JSON, an object.
    package let document: [UInt8]
    /// The id as W3C's Trace Context writes it: the same digits in one.
    private let digits: [UInt8]

    package init(traceID: String, document: [UInt8]) {
        var kept = document
        BodySecrets.mask(&kept)
        (self.traceID, self.document) = (traceID, kept)
        digits = Array(traceID.utf8.dropFirst(traceID.hasPrefix("1-") ? 2 : 0).filter { $0 != UInt8(ascii: "-") })
    }

    /// Whether a call with this trace is a part of the same.
    package func isOf(_ trace: ArraySlice<UInt8>) -> Bool {
        trace.elementsEqual(traceID.utf8) || trace.elementsEqual(digits)
    }

    /// So much is kept of the segments of one call.
    private static let most = 262_144

    /// A list of documents with one more; nil where it would become too long.
    package static func list(adding document: [UInt8], to list: ArraySlice<UInt8>?) -> [UInt8]? {
        guard (list?.count ?? 2) + document.count <= most else { return nil }
        guard let list else { return [UInt8(ascii: "[")] + document + [UInt8(ascii: "]")] }
        return list.dropLast() + [UInt8(ascii: ",")] + document + [UInt8(ascii: "]")]
    }
}
