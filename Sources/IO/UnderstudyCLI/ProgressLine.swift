import CShims

// Rules.  One line on standard error, written over at most ten times a second, cut to the terminal's width, and taken away
//         when the work is done or something else is to be said. Nothing at all where standard error is no terminal.
// Theory. Whoever waits at a terminal wants to see that something happens, and how much is left. A log wants neither.

/// How far long work is.
package final class ProgressLine {
    private let console: Console
    private let now: () -> Int64
    private var work = ""
    private var unit = ""
    private var total: Int?
    private var isShown = false
    /// Before this moment nothing is written over.
    private var next: Int64 = 0
    private static let pause: Int64 = 100_000_000

    package init(_ console: Console, now: @escaping () -> Int64 = shim_monotonic) {
        (self.console, self.now) = (console, now)
    }

    /// What is done from here on, and how many things there are to do, where that is known: shown at once.
    package func begin(_ work: String, _ unit: String = "call", of total: Int? = nil) {
        (self.work, self.unit, self.total) = (work, unit, total)
        show(nil)
    }

    /// So many things are done. Costs nothing that counts: it is called for each.
    package func reached(_ done: Int) { reached(done, of: total) }

    /// The same where only the work itself knows how many there are.
    package func reached(_ done: Int, of total: Int?) {
        guard console.errorColumns != nil, now() >= next else { return }
        self.total = total
        show(done)
    }

    /// Makes room for what is said, or ends it.
    package func hide() {
        guard isShown else { return }
        isShown = false
        put("\r\u{1B}[K")
    }

    private func show(_ done: Int?) {
        guard let columns = console.errorColumns else { return }
        next = now() &+ Self.pause
        isShown = true
        let line = Self.text(work, done, of: total, unit)
        // A line that fills the last column would break in two.
        put("\r\(line.prefix(max(0, columns - 1)))\u{1B}[K")
    }

    static func text(_ work: String, _ done: Int?, of total: Int?, _ unit: String) -> String {
        guard let done else { return "\(CallLine.shown(work)) …" }
        let sum = total.map { "\(done) of \(Spelling.count($0, unit)), \(share(done, of: $0)) %" }
        return "\(CallLine.shown(work)): \(sum ?? Spelling.count(done, unit))"
    }

    private static func share(_ done: Int, of total: Int) -> Int { total > 0 ? min(100, done * 100 / total) : 100 }

    private func put(_ text: String) { _ = console.write(true, Array(text.utf8)) }
}
