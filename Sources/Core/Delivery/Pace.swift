/// A run with `bytesPerSecond`. The bytes of a frame follow one another from the moment the frame is due, and leave in
/// pieces of a fiftieth of a second. As with frames, a piece is a pure function of the run and its number: no step and no
/// state for each.
extension FrameRun {
    private static let piecesPerSecond = 50

    private var pieceSize: Int { max(1, (bytesPerSecond ?? .max) / Self.piecesPerSecond) }

    /// The pieces that frame `index` of the script leaves in.
    package func pieceCount(of index: Int) -> Int {
        let count = script.frames[index].bytes.count
        return count / pieceSize + (count % pieceSize == 0 ? 0 : 1)
    }

    /// The places of a piece's bytes in frame `index`, and when the last of them is due.
    package func piece(_ number: Int, of index: Int) -> (bytes: Range<Int>, due: Int64) {
        let count = script.frames[index].bytes.count
        let start = min(count, number * pieceSize)
        let end = start + min(pieceSize, count - start)
        return (start..<end, due(index) &+ duration(of: end))
    }

    /// How long this many bytes take.
    package func duration(of byteCount: Int) -> Int64 {
        guard let bytesPerSecond, bytesPerSecond > 0 else { return 0 }
        let (whole, rest) = byteCount.quotientAndRemainder(dividingBy: bytesPerSecond)
        return Int64(whole) &* 1_000_000_000 &+ Int64(rest) &* 1_000_000_000 / Int64(bytesPerSecond)
    }
}
