import Bytes

/// A name as the domain name system has it: labels of 1 to 63 octets, "255 octets or less" in all (RFC 1035 2.3.4), in
/// lower case, as "no significance is attached to the case" (2.3.3).
package struct HostName: Hashable, Sendable {
    package let labels: [[UInt8]]

    /// Nil for what cannot be asked for. A dot at the end only says that nothing is to be added.
    package init?(_ text: String) {
        var bytes = text.utf8.map(ASCII.lowercased)
        if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
        self.init(labels: bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map(Array.init))
    }

    init?(labels: [[UInt8]]) {
        let length = labels.reduce(1) { $0 + $1.count + 1 }
        guard !labels.isEmpty, length <= 255, labels.allSatisfy({ (1...63).contains($0.count) }) else { return nil }
        self.labels = labels
    }

    package var text: String { labels.map { String(lossy: $0) }.joined(separator: ".") }

    /// RFC 1035 3.1: each label with its length before it, and an empty one at the end.
    func append(to message: inout [UInt8]) {
        for label in labels {
            message.append(UInt8(label.count))
            message += label
        }
        message.append(0)
    }

    /// RFC 1035 4.1.4: two set bits in place of a length are a pointer to "a prior occurrence of the same name". Each has
    /// to point further back than the one before it, so that none leads in a circle.
    static func read(_ message: [UInt8], at place: inout Int) -> HostName? {
        var labels: [[UInt8]] = []
        var (next, end): (Int, Int?) = (place, nil)
        var limit = place
        while next < message.count {
            let length = Int(message[next])
            switch length & 0xC0 {
            case 0xC0:
                guard next + 1 < message.count else { return nil }
                let target = (length & 0x3F) << 8 | Int(message[next + 1])
                guard target < limit else { return nil }
                end = end ?? next + 2
                (next, limit) = (target, target)
            case 0:
                next += 1
                if length == 0 {
                    place = end ?? next
                    return labels.isEmpty ? nil : HostName(labels: labels)
                }
                guard next + length <= message.count, labels.count < 128 else { return nil }
                labels.append(message[next..<next + length].map(ASCII.lowercased))
                next += length
            default: return nil
            }
        }
        return nil
    }
}
