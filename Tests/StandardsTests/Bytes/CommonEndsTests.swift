import Bytes
import Testing

@Suite("Common ends") struct CommonEndsTests {
    private func ends(_ left: String, _ right: String) -> [Int] {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        let prefix = CommonEnds.prefix(left.span, right.span)
        return [prefix, CommonEnds.suffix(left.span, right.span, after: prefix)]
    }

    @Test("what two texts share at their ends is counted once")
    func shared() {
        #expect(ends("", "") == [0, 0])
        #expect(ends("same", "same") == [4, 0])
        #expect(ends("twenty-four bytes of it.", "twenty-four bytes of it.") == [24, 0])
        #expect(ends("one way", "two way") == [0, 4])
        #expect(ends("aaa", "aa") == [2, 0])
        #expect(ends("X-Date: 20261120T120000Z, and so on", "X-Date: 20261120T120001Z, and so on") == [22, 12])
    }

    @Test("one differing byte is found wherever it stands")
    func everyPlace() {
        let base = [UInt8](repeating: 7, count: 40)
        for place in base.indices {
            var other = base
            other[place] = 8
            let prefix = CommonEnds.prefix(base.span, other.span)
            #expect(prefix == place)
            #expect(CommonEnds.suffix(base.span, other.span, after: prefix) == base.count - place - 1)
        }
    }
}
