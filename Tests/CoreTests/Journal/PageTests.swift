import Testing

@testable import Journal

@Suite("Page") struct PageTests {
    @Test("bytes lie one behind the other, and room for more is taken once")
    func appending() {
        let page = Page(Bases())
        #expect(page.append([1, 2, 3]) == 0)
        #expect(page.append([]) == 3)
        #expect(page.append([4]) == 3)
        #expect(page.bytes == [1, 2, 3, 4])
        let capacity = page.bytes.capacity
        #expect(page.hasRoom(for: capacity - 4) && !page.hasRoom(for: capacity - 3))
    }

    @Test("what is longer than a page gets one of its own length")
    func long() {
        #expect(Page(Bases(), capacity: 3 * Page.size).hasRoom(for: 3 * Page.size))
    }
}
