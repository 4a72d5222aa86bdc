import Bytes
import Crypto
import Testing

@testable import Deflate

/// The samples were made by zlib 1.3 through Python.
@Suite("Coded contents") struct ContentCodingTests {
    private static let hello = Array("hello hello hello hello".utf8)
    private static let dynamic =
        "H4sIAAAAAAAC/2VVi27jMAz7Ff+acXXRAI0DNMHu9vcnkZTkbEC3+qEHRYnu+Bqf73a9xt7Ovj3aNf5dtu1X6/PR3tscJ1a9HU//5JW5"
        + "+P55fK7vtp3Y2xU9EKW/33bKq52O24Rd/HVGRKBz/PmMq0LSe7R5zMEwBQZedpJXcl7MzssMiYrxzKcTxN/j4/V4grTqhGv4/Mt2SEtP"
        + "LAuefCrBDkywYjl724/HeIsmg+QxszBFAgr5WD6dwtLTeS9UCW/EQ+CPdP6F/oguXzO7ADrr2QL7Bx4QouJEl9TjpPepNDBxX1ssDS5O"
        + "VKNC+BKOA8OVUIOBYqciPzOb2q9bNY92MrNs/pnCIuxkWryqD9iASz9xzOKGyHHDsX9lZR6KItjORQ62yZbFCLhnUQlblMC0mklIAS2m"
        + "l8YYYkDnMCX9QmbZeJGzBrdQpLCCVINFs6RAPJF7UW0OwJS515muNGQwroMPO8S+/5AqGDaYMbr37pa6iMT8bnNZ3N8FlVizrJ1Vj3ip"
        + "KlSMDr4Jl+JGuwCahprrUFC43AhIdUQ/fkl+htgchBVOiSwvTcwen7ldkH91MvkjFCGrdOsTB4acE5HnW4atwZNkPTRRUdS+94WfTZUU"
        + "WCkhPeWjfgPihTcHJtSbJQnRMssKYYRrSGlP+D9+WBbx3NItjwr2t0kB28sbr9cxupbmt5y8pS4rw02Yr5A0n66+KKHaKmL/A4/ORpcn"
        + "BwAA"
    private static let whole = [
        "fixed": "H4sIAAAAAAAC/8tIzcnJV8hAJwHjUT2NFwAAAA==",
        "stored": "H4sIAAAAAAAA/wEXAOj/aGVsbG8gaGVsbG8gaGVsbG8gaGVsbG/jUT2NFwAAAA==",
        "with a name": "H4sICAAAAAAC/2EudHh0AMtIzcnJV8hAJwHjUT2NFwAAAA==",
    ]

    private static func bytes(_ base64: String) throws -> [UInt8] { try #require(Base64.standard.decode(base64.utf8)) }

    @Test("a block of each kind, and a header with a name", arguments: whole.keys.sorted())
    func blocks(_ name: String) throws {
        let coded = try Self.bytes(Self.whole[name] ?? "")
        let decoded = ContentCoding.gzip.decode(coded, most: 1_000)
        #expect(decoded == ContentCoding.Decoded(bytes: Self.hello, counts: [], isWhole: true))
    }

    @Test("codes that come with the block")
    func dynamicCodes() throws {
        let decoded = try #require(ContentCoding.gzip.decode(try Self.bytes(Self.dynamic), most: 10_000))
        #expect(decoded.isWhole && decoded.bytes.count == 1_831)
        let hash = Hex.encode(SHA256.hash(decoded.bytes))
        #expect(hash == "56545997920dd8b0a775cc0c558de525f38fc18b4c5ea52a663293e3da4494ea")
    }

    @Test("zlib's wrapper")
    func zlib() throws {
        let coded = try Self.bytes("eJzLSM3JyVfIQCcBaAMIsQ==")
        #expect(ContentCoding.deflate.decode(coded, most: 1_000)?.bytes == Self.hello)
        #expect(ContentCoding.gzip.decode(coded, most: 1_000) == nil)
    }

    @Test("cut anywhere, there is a beginning of it, and it is not whole")
    func cut() throws {
        for text in Self.whole.values + [Self.dynamic] {
            let coded = try Self.bytes(text)
            let all = try #require(ContentCoding.gzip.decode(coded, most: 10_000)).bytes
            for count in 0..<coded.count {
                let decoded = try #require(ContentCoding.gzip.decode(Array(coded[..<count]), most: 10_000))
                #expect(!decoded.isWhole && all.starts(with: decoded.bytes), "cut at \(count)")
            }
        }
    }

    @Test("whatever one byte becomes, it is the same, another beginning or nothing; never a crash")
    func changed() throws {
        let coded = try Self.bytes(Self.dynamic)
        let all = try #require(ContentCoding.gzip.decode(coded, most: 10_000)).bytes
        var refused = 0
        for place in coded.indices {
            for bit in [0, 3, 7] {
                var other = coded
                other[place] ^= 1 << bit
                guard let decoded = ContentCoding.gzip.decode(other, most: 10_000), decoded.isWhole else {
                    refused += 1
                    continue
                }
                #expect(decoded.bytes == all, "bit \(bit) of byte \(place)")
            }
        }
        // MTIME, XFL and OS say nothing, nor does one flag, nor the bits behind the end of the last block.
        #expect(refused > 3 * (coded.count - 9))
    }

    @Test("each piece of a stream that is flushed stands for what was said until then")
    func marks() throws {
        let pieces = try [
            "H4sIAAAAAAACA0pJLEm0UsjPS+XiAgAAAP//", "SgEzS8rzubgAAAAA//8=", "gjIzilKB4gAAAAD//wMAXzfKJyMAAAA=",
        ]
        .map(Self.bytes)
        var marks: [Int] = []
        for piece in pieces { marks.append((marks.last ?? 0) + piece.count) }
        let decoded = try #require(ContentCoding.gzip.decode(Array(pieces.joined()), marks: marks, most: 100))
        #expect(decoded.bytes == Array("data: one\n\ndata: two\n\ndata: three\n\n".utf8))
        #expect(decoded.counts == [11, 22, 35])
    }

    @Test("members in a row are one text; what stands behind the last, or is too long, is refused")
    func ends() throws {
        let one = try Self.bytes(Self.whole["fixed"] ?? "")
        #expect(ContentCoding.gzip.decode(one + one, most: 1_000)?.bytes == Self.hello + Self.hello)
        #expect(ContentCoding.gzip.decode(one + Array("AKIA".utf8), most: 1_000) == nil)
        #expect(ContentCoding.gzip.decode(one, most: 22) == nil && ContentCoding.gzip.decode(one, most: 23) != nil)
        #expect(ContentCoding(name: "X-GZIP") == .gzip && ContentCoding(name: "br") == nil)
    }
}
