// Theory. RFC 1951. A stream is blocks; a block is stored, or symbols in a prefix code. A symbol is a byte, the end of the
//         block, or a length, which a distance follows: so many bytes again, from so far back. Codes are canonical: their
//         lengths alone tell them, shorter ones first, and equally long ones in the order of their symbols (3.2.2).

/// Why there is no more to be had.
enum StreamStop: Error {
    /// The bytes end before the stream does.
    case cut
    /// They are no such stream.
    case wrong
    /// What they stand for is longer than was allowed.
    case long
}

/// Reads deflated bytes.
struct Inflater {
    private var source: BitSource
    private(set) var output: [UInt8] = []
    private let most: Int
    /// Places in the input, ascending, and how long the output was when the input had come up to them.
    private let marks: [Int]
    private(set) var counts: [Int] = []

    init(_ bytes: [UInt8], from start: Int, marks: [Int], most: Int) {
        source = BitSource(bytes, from: start)
        (self.marks, self.most) = (marks, most)
    }

    /// Where the input goes on behind the stream, at a whole byte.
    var place: Int { source.place }

    /// One stream, up to the end of its last block.
    mutating func inflate() throws(StreamStop) {
        var isLast = false
        while !isLast {
            // 3.2.3: "first bit BFINAL, next 2 bits BTYPE".
            isLast = try source.bits(1) == 1
            switch try source.bits(2) {
            case 0: try stored()
            case 1: try symbols(Self.fixedLiterals, Self.fixedDistances)
            case 2:
                let codes = try dynamicCodes()
                try symbols(codes.literals, codes.distances)
            default: throw .wrong
            }
        }
    }

    /// For another stream behind this one.
    mutating func goOn(from place: Int) { source = BitSource(source.bytes, from: place) }

    private mutating func note() {
        while counts.count < marks.count, source.taken > marks[counts.count] { counts.append(output.count) }
    }

    // MARK: Blocks

    /// 3.2.4: "LEN is the number of data bytes in the block. NLEN is the one's complement of LEN."
    private mutating func stored() throws(StreamStop) {
        source.skipToByte()
        let length = try source.bits(16)
        guard try source.bits(16) == length ^ 0xFFFF else { throw .wrong }
        for _ in 0..<length {
            let byte = try source.bits(8)
            note()
            try add(UInt8(byte))
        }
    }

    private mutating func symbols(_ literals: PrefixCode, _ distances: PrefixCode) throws(StreamStop) {
        while true {
            let symbol = try literals.read(&source)
            if symbol == 256 { return }
            if symbol < 256 {
                note()
                try add(UInt8(symbol))
                continue
            }
            guard symbol - 257 < Self.lengths.count else { throw .wrong }
            let length = Self.lengths[symbol - 257] + (try source.bits(Self.lengthBits[symbol - 257]))
            let far = try distances.read(&source)
            guard far < Self.distances.count else { throw .wrong }
            let distance = Self.distances[far] + (try source.bits(Self.distanceBits[far]))
            guard distance <= output.count else { throw .wrong }
            note()
            // What is copied may be what was just copied.
            for _ in 0..<length { try add(output[output.count - distance]) }
        }
    }

    private mutating func add(_ byte: UInt8) throws(StreamStop) {
        guard output.count < most else { throw .long }
        output.append(byte)
    }

    // MARK: Codes

    /// 3.2.7: the lengths of both codes in a row, themselves in a code whose lengths come first.
    private mutating func dynamicCodes() throws(StreamStop) -> (literals: PrefixCode, distances: PrefixCode) {
        let literals = try source.bits(5) + 257
        let distances = try source.bits(5) + 1
        let count = try source.bits(4) + 4
        guard literals <= 286, distances <= 30 else { throw .wrong }
        var lengths = [Int](repeating: 0, count: 19)
        for place in Self.order.prefix(count) { lengths[place] = try source.bits(3) }
        let code = try PrefixCode(lengths)
        var all: [Int] = []
        while all.count < literals + distances {
            switch try code.read(&source) {
            case 16:
                guard let last = all.last else { throw .wrong }
                all += [Int](repeating: last, count: try source.bits(2) + 3)
            case 17: all += [Int](repeating: 0, count: try source.bits(3) + 3)
            case 18: all += [Int](repeating: 0, count: try source.bits(7) + 11)
            case let length: all.append(length)
            }
        }
        guard all.count == literals + distances, all[256] > 0 else { throw .wrong }
        return (try PrefixCode(Array(all[..<literals])), try PrefixCode(Array(all[literals...])))
    }

    private static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    /// 3.2.5, the tables.
    private static let lengths = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthBits = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distances = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1_025, 1_537, 2_049, 3_073,
        4_097,
        6_145, 8_193, 12_289, 16_385, 24_577,
    ]
    private static let distanceBits = [
        0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
    ]

    /// 3.2.6.
    private static let fixedLiterals = PrefixCode(
        whole: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
    private static let fixedDistances = PrefixCode(whole: [Int](repeating: 5, count: 30))
}
