import Journal

/// Keeps every call as a file would, and tells of those that memory has let go when the test says so.
package final class MadeOlderCalls: OlderCalls {
    package var all = CallLog()
    package var failure: String?
    /// Rows of one page.
    private let most: Int
    private var asked: [(asked: OlderPage.Asked, page: OlderPage)] = []
    private var readPages: [(page: OlderPage, content: OlderPage.Content)] = []

    package init(most: Int) { self.most = most }

    package func read(_ asked: OlderPage.Asked) -> OlderPage {
        let page = OlderPage()
        self.asked.append((asked, page))
        return page
    }

    /// The file is looked at now.
    package func look() {
        for (asked, page) in asked { readPages.append((page, content(asked))) }
        asked = []
    }

    /// What was seen then has arrived.
    package func deliver() {
        for (page, content) in readPages { page.content = content }
        readPages = []
    }

    private func content(_ asked: OlderPage.Asked) -> OlderPage.Content {
        if let failure { return .failed(failure) }
        var query = Query()
        (query.since, query.until) = (.number(asked.numbers.lowerBound - 1), .number(asked.numbers.upperBound))
        let there = all.calls(matching: query)
        let looked = (asked.isBackwards ? there.reversed() : there).prefix(most)
        let found = looked.filter(asked.query.matches).prefix(asked.most)
        let isAll = looked.count == there.count && found.count < asked.most
        let end = asked.isBackwards ? asked.numbers.lowerBound : asked.numbers.upperBound
        let last = found.count == asked.most ? found.last : looked.last
        return .calls(Array(found), reached: isAll ? end : last?.number ?? end)
    }
}
