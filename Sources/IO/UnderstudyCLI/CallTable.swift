import Glibc

// Rules.  A row a call, no wider than the terminal: what has to be read whole has its width, the rest is shared out among
//         names and cut with an ellipsis. A narrow terminal shows fewer columns.
// Theory. Whoever follows a journal reads down a column. A line that wraps breaks every column below it.

/// Calls as rows of a table that fits a terminal.
struct CallTable: Equatable {
    private struct Column: Equatable {
        var title: String
        var width: Int
        var isNumber = false
        /// The part of the room that is left over; 0 for a column of one width.
        var share = 0
        /// The narrowest terminal that shows it.
        var from = 0
    }

    private var columns: [Column]
    private let width: Int
    private let isColoured: Bool

    init(width: Int, isColoured: Bool) {
        self.isColoured = isColoured
        self.width = width
        var columns = [
            Column(title: "TIME", width: 12), Column(title: "#", width: 6, isNumber: true, from: 54),
            Column(title: "STATUS", width: 6), Column(title: "MS", width: 10, isNumber: true, from: 46),
            Column(title: "AGENT", width: 10, share: 4), Column(title: "OPERATION", width: 8, share: 3, from: 74),
            Column(title: "SESSION", width: 8, share: 2, from: 100),
            Column(title: "FAULTS", width: 6, share: 2, from: 120),
            Column(title: "RULE, OR WHY", width: 8, share: 4, from: 64),
        ].filter { width >= $0.from }
        let left = width - columns.reduce(0) { $0 + $1.width } - 2 * (columns.count - 1)
        let shares = columns.reduce(0) { $0 + $1.share }
        if left > 0, shares > 0 {
            for index in columns.indices { columns[index].width += left * columns[index].share / shares }
        }
        self.columns = columns
    }

    /// The terminal's own width, or that of its kind when it does not tell.
    static func widthOfTerminal(_ descriptor: Int32 = 1) -> Int? {
        guard isatty(descriptor) == 1 else { return nil }
        var size = winsize()
        return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    var head: String { line { $0.title } }

    func row(_ call: CallLine) -> String {
        let outcome = call.outcome == "completed" ? nil : call.outcome ?? "running"
        let why = [call.why, outcome].compactMap { $0 }.joined(separator: ", ")
        let isGood = (call.status ?? 0) < 400 && outcome == nil
        let text = line { column in
            switch column.title {
            case "TIME": String(call.arrived.dropFirst(11).prefix(12))
            case "#": String(call.number)
            case "STATUS": call.status.map(String.init) ?? "…"
            case "MS": call.ended.map(CallLine.milliseconds) ?? ""
            case "AGENT": call.agent.map(CallLine.short) ?? ""
            case "OPERATION": call.what
            case "SESSION": call.session ?? ""
            case "FAULTS": call.faults.joined(separator: ", ")
            default: why.isEmpty ? call.rule ?? "" : why
            }
        }
        return isColoured && !isGood ? "\u{1B}[31m\(text)\u{1B}[0m" : text
    }

    private func line(_ cell: (Column) -> String) -> String {
        var line = columns.map { Self.fitted(CallLine.shown(cell($0)), $0.width, isRight: $0.isNumber) }
            .joined(separator: "  ")
        while line.last == " " { line.removeLast() }
        return line.count > width ? Self.fitted(line, width, isRight: false) : line
    }

    private static func fitted(_ text: String, _ width: Int, isRight: Bool) -> String {
        guard text.count <= width else { return text.prefix(max(0, width - 1)) + "…" }
        let room = String(repeating: " ", count: width - text.count)
        return isRight ? room + text : text + room
    }
}
