import Delivery
import JSON
import Testing

@testable import ControlAPI

@Suite("Pulled JSON") struct PulledJSONTests {
    /// Everything that a reader gets who takes piece after piece.
    private func pieces(_ answer: ControlAnswer) -> [[UInt8]] {
        guard case .steps(let first, var source) = answer else { return [] }
        var (pieces, isOver): ([[UInt8]], Bool) = ([], false)
        func add(_ steps: [Step]) {
            for step in steps {
                if case .body(let bytes) = step { pieces.append(bytes) }
                if step == .end { isOver = true }
            }
        }
        add(first)
        for _ in 0..<10_000 where !isOver {
            if case .steps(let steps) = source.next(now: 0) { add(steps) }
        }
        #expect(isOver)
        return pieces
    }

    private func list(_ count: Int, of size: Int) -> ListParts {
        ListParts("list", behind: ["a": 1], count: count) { index in
            index % 10 == 9 ? nil : ["n": Value(index), "text": .string(String(repeating: "x", count: size))]
        }
    }

    @Test("what fits into one piece is said at once; what does not comes in pieces of one size, and is the same")
    func sizes() throws {
        guard case .bytes(let small, 200) = ControlAnswer.pulled(list(3, of: 10)) else { throw Lost() }
        #expect(
            String(decoding: small, as: UTF8.self)
                == #"{"a":1,"list":[{"n":0,"text":"xxxxxxxxxx"},{"n":1,"text":"xxxxxxxxxx"},{"n":2,"text":"xxxxxxxxxx"}]}"#
        )
        guard case .bytes(let empty, 200) = ControlAnswer.pulled(ListParts("list", count: 0) { _ in 1 }) else {
            throw Lost()
        }
        #expect(String(decoding: empty, as: UTF8.self) == #"{"list":[]}"#)
        let pieces = pieces(.pulled(list(1_000, of: 100)))
        #expect(pieces.count > 6 && pieces.dropLast().allSatisfy { $0.count == 16_384 })
        let whole = try Value.parse(Array(pieces.joined()))
        #expect(whole["list"]?.array?.count == 900 && whole["list"]?.array?.last?["n"]?.integer == 998)
    }

    @Test("a large part is made once for all who are at it, and again when nobody is")
    func shared() {
        let texts = SharedTexts()
        let key = SharedTexts.Key(ObjectIdentifier(Owner.self), 1, 2)
        var made = 0
        func text() -> SharedTexts.Text {
            texts.text(key) {
                made += 1
                return [UInt8](repeating: 0x61, count: 100_000)
            }
        }
        var held: SharedTexts.Text? = text()
        #expect(text() === held && made == 1)
        held = nil
        #expect(held == nil && text().bytes.count == 100_000 && made == 2)
    }

    private final class Owner {}
    private struct Lost: Error {}
}
