import Support
import Testing

@testable import Rules

@Suite("Pair set") struct PairSetTests {
    private func set(_ text: String) -> PairSet { PairSet(of: Array(text.utf8).span) }

    @Test("a text has all pairs of what it holds", arguments: [1, 2, 3] as [UInt64])
    func holds(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let text = (0..<Int.random(in: 0...200, using: &chance)).map { _ in
                UInt8.random(in: 0...255, using: &chance)
            }
            let start = Int.random(in: 0...text.count, using: &chance)
            let part = Array(text[start..<Int.random(in: start...text.count, using: &chance)])
            let (whole, inside) = (PairSet(of: text.span), PairSet(of: part.span))
            #expect(whole.contains(inside) && inside.folded & ~whole.folded == 0, "seed \(seed)")
        }
    }

    @Test("a word that is not there mostly lacks a pair")
    func lacks() {
        let text = set("Find a quiet place with good sushi near the station")
        #expect(text.contains(set("sushi")))
        #expect(!text.contains(set("pizza")) && !text.contains(set("word-7-nobody-says")))
    }

    @Test("nothing is in every text, and every text is in all")
    func ends() {
        for text in [set(""), set("a"), set("sushi"), .all] {
            #expect(
                text.contains(.none) && text.contains(set("")) && text.contains(set("x")) && PairSet.all.contains(text))
        }
    }
}
