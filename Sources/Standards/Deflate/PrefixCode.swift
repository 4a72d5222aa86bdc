/// RFC 1951 3.1.1: "Data elements other than Huffman codes are packed starting with the least-significant bit"; a code
/// comes with its most significant bit first.
struct BitSource {
    let bytes: [UInt8]
    private var at: Int
    private var held: UInt64 = 0
    private var count = 0

    init(_ bytes: [UInt8], from start: Int) { (self.bytes, at) = (bytes, start) }

    /// Behind the last byte of which a bit was taken.
    var taken: Int { at - count / 8 }
    var place: Int { taken }

    mutating func bits(_ wanted: Int) throws(StreamStop) -> Int {
        while count < wanted {
            guard at < bytes.count else { throw .cut }
            held |= UInt64(bytes[at]) << UInt64(count)
            at += 1
            count += 8
        }
        defer {
            held >>= UInt64(wanted)
            count -= wanted
        }
        return Int(held & (1 << UInt64(wanted) - 1))
    }

    mutating func skipToByte() {
        held >>= UInt64(count % 8)
        count -= count % 8
    }
}

/// A canonical prefix code.
struct PrefixCode {
    private static let longest = 15

    /// How many codes have each length, and their symbols, shorter codes first.
    private var counts = [Int](repeating: 0, count: PrefixCode.longest + 1)
    private var symbols: [Int] = []

    /// A code of which more is taken than there is, is none. One that is not used up is allowed where it has one symbol
    /// (3.2.7: "If only one distance code is used, it is encoded using one bit"); a bit that means nothing is told when it
    /// comes.
    init(_ lengths: [Int]) throws(StreamStop) {
        self.init(whole: lengths)
        var left = 1
        for length in 1...Self.longest {
            left = left * 2 - counts[length]
            if left < 0 { throw .wrong }
        }
    }

    init(whole lengths: [Int]) {
        for length in lengths where length > 0 { counts[length] += 1 }
        for length in 1...Self.longest {
            for (symbol, own) in lengths.enumerated() where own == length { symbols.append(symbol) }
        }
    }

    func read(_ source: inout BitSource) throws(StreamStop) -> Int {
        var (code, first, index) = (0, 0, 0)
        for length in 1...Self.longest {
            code |= try source.bits(1)
            let count = counts[length]
            if code - first < count { return symbols[index + code - first] }
            index += count
            first = (first + count) << 1
            code <<= 1
        }
        throw .wrong
    }
}
