extension RuleBook {
    /// The rules whose agent, qualifier and operation fit a target, in the library's order, each with what the payload must
    /// hold before its conditions are asked.
    package struct Candidates: Sendable {
        /// Neighbours that ask for a text at the same place of the payload.
        struct Run: Sendable {
            /// Its number in the rule book; nil where they ask for none.
            let place: Int?
            var range: Range<Int>
        }

        private(set) var runs: [Run] = []
        private(set) var indices: [Int] = []
        private var pairs: [PairSet] = []
        /// The same folded: those of ten thousand rules are 80 KB, which every call walks through.
        private var folded: [UInt64] = []

        mutating func append(_ index: Int, _ pairs: PairSet, at place: Int?) {
            let next = indices.count
            if runs.last?.place == place, !runs.isEmpty {
                runs[runs.count - 1].range = runs[runs.count - 1].range.lowerBound..<next + 1
            } else {
                runs.append(Run(place: place, range: next..<next + 1))
            }
            indices.append(index)
            self.pairs.append(pairs)
            folded.append(pairs.folded)
        }

        /// The first of these whose text may be part of one with the pairs `held`.
        func first(in range: Range<Int>, within held: PairSet) -> Int? {
            let missing = ~held.folded
            return folded.withUnsafeBufferPointer { folded in
                range.first { folded[$0] & missing == 0 && held.contains(pairs[$0]) }
            }
        }
    }
}
