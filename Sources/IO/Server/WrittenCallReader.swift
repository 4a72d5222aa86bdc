import EventLoop
import Journal
import Store
import Threading

/// Reads the calls that memory holds no longer from the journal's file, on a thread that lives as long as there is
/// something to read. Pages are read in the order in which they were asked for; each is small, so that all have their turn.
final class WrittenCallReader: OlderCalls {
    private let work: Work
    private var thread: BackgroundThread?

    /// `isRead` is told on the loop of the mailbox after each page.
    init(_ writer: JournalWriter, mailbox: Mailbox, isRead: @escaping () -> Void) {
        nonisolated(unsafe) let isRead = isRead
        work = Work(writer) { page, content in
            nonisolated(unsafe) let page = page
            mailbox.post {
                page.content = content
                isRead()
            }
        }
    }

    func read(_ asked: OlderPage.Asked) -> OlderPage {
        let page = OlderPage()
        if work.add(asked, page) {
            thread?.join()
            let started = BackgroundThread.start { [work] in work.run() }
            thread = started.thread
            if let failure = started.failure { work.fail("the journal's file has no thread to read it: \(failure)") }
        }
        return page
    }

    /// Waits for the page that is being read.
    func close() {
        work.fail("the server is going")
        thread?.join()
    }

    private final class Work: @unchecked Sendable {
        private struct Item {
            var asked: OlderPage.Asked
            /// Nobody reads for those who have left.
            weak var page: OlderPage?
        }

        private let writer: JournalWriter
        private let deliver: @Sendable (OlderPage, OlderPage.Content) -> Void
        private let lock = Lock()
        private var items: [Item] = []
        private var isRunning = false

        init(_ writer: JournalWriter, deliver: @escaping @Sendable (OlderPage, OlderPage.Content) -> Void) {
            (self.writer, self.deliver) = (writer, deliver)
        }

        /// Whether a thread has to be started for it.
        func add(_ asked: OlderPage.Asked, _ page: OlderPage) -> Bool {
            lock.held {
                items.append(Item(asked: asked, page: page))
                defer { isRunning = true }
                return !isRunning
            }
        }

        func run() {
            while let item = next() {
                guard item.page != nil else { continue }
                let content = writer.page(item.asked)
                if let page = item.page { deliver(page, content) }
            }
        }

        private func next() -> Item? {
            lock.held {
                isRunning = !items.isEmpty
                return isRunning ? items.removeFirst() : nil
            }
        }

        func fail(_ reason: String) {
            let left = lock.held {
                defer { (items, isRunning) = ([], false) }
                return items
            }
            for item in left { if let page = item.page { deliver(page, .failed(reason)) } }
        }
    }
}
