// Rules.  With a file, memory holds the newest calls only. Those before them are read from the file, a page at a time, by
//         somebody who may wait: a page is asked for and is there later, and whoever asked is given a turn then.
// Theory. A page says up to which number it looked, so a search goes on behind it whether or not anything matched. What is
//         no longer wanted is let go of; nobody has to be told.

/// The calls that memory holds no longer.
package protocol OlderCalls: AnyObject {
    func read(_ asked: OlderPage.Asked) -> OlderPage
}

/// Some of them, once they have been read.
package final class OlderPage {
    package struct Asked: Sendable {
        package var query: Query
        /// Of the calls with these numbers.
        package var numbers: ClosedRange<Int>
        /// The last of them first, and only their short fields: where somebody only looks where to begin.
        package var isBackwards: Bool
        package var most: Int

        package init(query: Query, numbers: ClosedRange<Int>, isBackwards: Bool, most: Int) {
            (self.query, self.numbers, self.isBackwards, self.most) = (query, numbers, isBackwards, most)
        }
    }

    package enum Content {
        /// Those that match, of all up to this number.
        case calls([CallRecord], reached: Int)
        case failed(String)
    }

    package var content: Content?

    package init() {}
}
