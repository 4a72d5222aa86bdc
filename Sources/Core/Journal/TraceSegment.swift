import Bytes
import Redaction

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
