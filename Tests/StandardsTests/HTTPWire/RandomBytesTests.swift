import Bytes
import HTTPWire
import Support
import Testing

@Suite("Parsers on random bytes") struct RandomBytesTests {
    @Test("mutated requests never crash it, and cuts never change what it reads", .timeLimit(.minutes(5)))
    func mutations() throws {
        let seed: UInt64 = .random(in: 0..<1_000_000)
        var chance = SeededGenerator(seed: seed)
        let corpus =
            try
            (WireFixtures.rows("http/accepted.tsv").map { WireFixtures.bytes($0[6]) }
            + WireFixtures.rows("http/refused.tsv").map { WireFixtures.bytes($0[2]) })
            .filter { $0.count < 400 } + [RequestParserTests.three]
        for number in 0..<20_000 {
            let bytes = Self.mutated(corpus.randomElement(using: &chance) ?? [], corpus, &chance)
            let whole = RequestEvents(bytes)
            let cut = Self.pieces(bytes.count, &chance)
            #expect(
                RequestEvents(bytes, cut) == whole,
                "seed \(seed), number \(number): \(String(lossy: bytes).debugDescription) \(cut)")
        }
    }

    @Test("nor do mutated answers")
    func answers() throws {
        let seed: UInt64 = .random(in: 0..<1_000_000)
        var chance = SeededGenerator(seed: seed)
        let corpus = try
            (WireFixtures.rows("http/answers.tsv").map { WireFixtures.bytes($0[4]) }
            + WireFixtures.rows("http/refused-answers.tsv").map { WireFixtures.bytes($0[1]) })
            .filter { $0.count < 400 }
        for number in 0..<5_000 {
            let bytes = Self.mutated(corpus.randomElement(using: &chance) ?? [], corpus, &chance)
            let cut = Self.pieces(bytes.count, &chance)
            #expect(
                Self.answer(bytes, cut) == Self.answer(bytes, [0..<bytes.count]),
                "seed \(seed), number \(number): \(String(lossy: bytes).debugDescription) \(cut)")
        }
    }

    /// The first event that is not a wait, or what the end of the connection makes of it.
    private static func answer(_ bytes: [UInt8], _ cut: [Range<Int>]) -> ResponseParser.Event {
        var parser = ResponseParser(limits: Limits())
        var held: [UInt8] = []
        for piece in cut {
            let event = parser.read(Array(bytes[piece]).span, from: 0, held: &held).event
            if event != .needsMore { return event }
        }
        return parser.readEnd(held: &held)
    }

    /// One to four changes: a byte replaced, removed, doubled or put in, a piece of another request, two swapped.
    static func mutated(
        _ original: [UInt8], _ corpus: [[UInt8]], _ chance: inout SeededGenerator
    ) -> [UInt8] {
        let spice: [UInt8] = [0x00, 0x09, 0x0A, 0x0D, 0x20, 0x2C, 0x30, 0x39, 0x3A, 0x3B, 0x22, 0x5C, 0x7F, 0x80, 0xFF]
        var bytes = original
        for _ in 0..<Int.random(in: 1...4, using: &chance) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &chance)
            switch Int.random(in: 0..<7, using: &chance) {
            case 0: bytes[place] = .random(in: 0...255, using: &chance)
            case 1: bytes[place] = spice.randomElement(using: &chance) ?? 0
            case 2: bytes.remove(at: place)
            case 3: bytes.insert(bytes[place], at: place)
            case 4: bytes.insert(spice.randomElement(using: &chance) ?? 0, at: place)
            case 5:
                let other = corpus.randomElement(using: &chance) ?? []
                bytes.insert(contentsOf: other.prefix(.random(in: 0...other.count, using: &chance)), at: place)
            default: bytes.swapAt(place, .random(in: 0..<bytes.count, using: &chance))
            }
        }
        return bytes
    }

    static func pieces(_ count: Int, _ chance: inout SeededGenerator) -> [Range<Int>] {
        let longest = [1, 3, 20, 200].randomElement(using: &chance) ?? 1
        var pieces: [Range<Int>] = []
        while let start = pieces.last?.upperBound ?? Optional(0), start < count {
            pieces.append(start..<min(count, start + .random(in: 1...longest, using: &chance)))
        }
        return pieces
    }
}
