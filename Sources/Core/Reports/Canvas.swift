import Bytes
import Verdicts

/// Shapes of a picture, from top to bottom.
struct Canvas {
    static let width = 960.0
    private static let left = 112.0
    private static let right = 936.0
    private static let columns = 128

    /// Where the next thing is drawn.
    var y = 0.0
    private var shapes = ""

    func x(_ share: Double) -> Double { Self.left + min(1, max(0, share)) * (Self.right - Self.left) }

    // MARK: Words

    mutating func text(title: String, at y: Double) {
        add("<text class=\"title\" x=\"24\" y=\"\(y)\">\(Markup.escaped(title))</text>")
    }

    mutating func line(_ text: String, style: String = "") {
        y += 17
        add("<text class=\"\(style)\" x=\"24\" y=\"\(number(y - 4))\">\(Markup.escaped(text))</text>")
    }

    mutating func verdict(_ judgement: Judgement, _ title: String) {
        y += 24
        add(
            "<text class=\"lane\" x=\"24\" y=\"\(number(y - 6))\"><tspan class=\"\(judgement.rawValue)\">\(judgement.rawValue)</tspan>  \(Markup.escaped(title))</text>"
        )
    }

    mutating func label(_ text: String, height: Double) {
        add(
            "<text class=\"soft\" text-anchor=\"end\" x=\"\(Self.left - 8)\" y=\"\(number(y + height / 2 + 4))\">\(Markup.escaped(text))</text>"
        )
    }

    mutating func inside(_ text: String, at x: Double, height: Double) {
        add(
            "<text class=\"inside\" x=\"\(number(x))\" y=\"\(number(y + height / 2 + 4))\">\(Markup.escaped(text))</text>"
        )
    }

    /// Three columns; what is long has a line of its own.
    mutating func figures(_ lines: [(name: String, text: String)]) {
        y += 6
        var column = 0
        for line in lines {
            let isLong = line.name.count + line.text.count > 38
            if isLong || column == 3 { column = 0 }
            if column == 0 { y += 17 }
            let pieces = Self.wrapped(line.text, columns: Self.columns - line.name.count - 2)
            add(
                "<text x=\"\(24 + column * 304)\" y=\"\(number(y - 4))\"><tspan class=\"soft\">\(Markup.escaped(line.name))</tspan>  \(Markup.escaped(pieces.first ?? ""))</text>"
            )
            for piece in pieces.dropFirst() { self.line("    " + piece) }
            column = isLong ? 3 : column + 1
        }
    }

    static func wrapped(_ text: String, columns: Int = columns) -> [String] {
        var (lines, line): ([String], String) = ([], "")
        for word in text.split(separator: " ") {
            if !line.isEmpty, line.count + word.count + 1 > columns {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " \(word)"
        }
        return lines + [line]
    }

    // MARK: Shapes

    mutating func bar(_ from: Double, _ to: Double, height: Double, style: String, tip: String) {
        add(
            "<rect class=\"\(style)\" x=\"\(number(from))\" y=\"\(number(y))\" width=\"\(number(max(0.5, to - from)))\" height=\"\(number(height))\"><title>\(Markup.escaped(tip))</title></rect>"
        )
    }

    mutating func tick(_ share: Double, _ text: String) {
        let x = x(share)
        add(
            "<line class=\"tick\" x1=\"\(number(x))\" x2=\"\(number(x))\" y1=\"\(number(y))\" y2=\"\(number(y + 5))\"/>"
        )
        let anchor = share > 0.95 ? "end" : share < 0.02 ? "start" : "middle"
        add(
            "<text class=\"soft\" text-anchor=\"\(anchor)\" x=\"\(number(x))\" y=\"\(number(y + 17))\">\(Markup.escaped(text))</text>"
        )
    }

    private mutating func add(_ shape: String) { shapes += "  \(shape)\n" }

    private func number(_ value: Double) -> String { Figure.decimal(value, digits: 1) }

    /// The name of a style: letters only.
    static func word(_ text: String) -> String { String(text.filter { $0.isLetter }) }

    func svg(label: String) -> String {
        let height = number(y + 16)
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(number(Self.width)) \(height)" width="\(number(Self.width))" height="\(height)" role="img" aria-label="\(Markup.escaped(label))">
              <style>\(Self.style)</style>
              <rect class="page" x="0" y="0" width="100%" height="100%"/>
            \(shapes)</svg>

            """
    }

    /// Pairs of colours with a contrast of 4.5 and more to what they stand on.
    private static let style = """

          svg { --page: #ffffff; --ink: #1b1f24; --soft: #57606a; --good: #1a7f37; --bad: #cf222e; --doubt: #9a6700; --cool: #0969da; --band: #d0d7de; }
          @media (prefers-color-scheme: dark) {
            svg { --page: #0d1117; --ink: #e6edf3; --soft: #9198a1; --good: #3fb950; --bad: #ff7b72; --doubt: #d29922; --cool: #58a6ff; --band: #3d444d; }
          }
          text { font: 13px ui-sans-serif, system-ui, sans-serif; fill: var(--ink); white-space: pre; }
          .page { fill: var(--page); }
          .title { font-size: 20px; font-weight: 600; }
          .lane { font-size: 15px; font-weight: 600; }
          .soft { fill: var(--soft); font-size: 12px; }
          .inside { fill: var(--page); font-size: 12px; }
          .pass { fill: var(--good); } .fail { fill: var(--bad); } .inconclusive { fill: var(--doubt); }
          .state { fill: var(--cool); } .closed { fill: var(--good); } .open { fill: var(--bad); } .halfopen { fill: var(--doubt); }
          .answered { fill: var(--good); } .failed { fill: var(--bad); } .refused { fill: var(--doubt); } .inflight, .issuer { fill: var(--cool); }
          .band { fill: var(--band); } .median { fill: var(--ink); } .tick { stroke: var(--soft); }

        """
}
