import Bytes

extension FaultPlan {
    /// A table for people, a row for each call:
    ///
    ///     seed 7, space default
    ///     slow: latency, counted per agent
    ///
    ///     call  slow
    ///        1  1320.417 ms
    ///        2  -
    package var text: [UInt8] {
        var text = Array("seed \(seed), space \(space)\n".utf8)
        for column in columns { text.append(column.legend) }
        if columns.isEmpty { text.append("no faults\n") }
        let names = columns.map(\.shownName)
        let widths = names.map { max(14, $0.unicodeScalars.count) }
        let callWidth = max(4, String(first + calls - 1).utf8.count)
        text.append("\n")
        Self.append("call", width: callWidth, atRight: true, to: &text)
        for (name, width) in zip(names, widths) {
            text.append("  ")
            Self.append(name, width: width, to: &text)
        }
        Self.endLine(&text)
        var columns = columns
        for call in first..<first + calls {
            let start = text.count
            text.append(decimal: call)
            Self.pad(from: start, width: callWidth, atRight: true, &text)
            for index in columns.indices {
                text.append("  ")
                let start = text.count
                columns[index].next().append(to: &text)
                Self.pad(from: start, width: widths[index], &text)
            }
            Self.endLine(&text)
        }
        return text
    }

    private static func append(_ name: String, width: Int, atRight: Bool = false, to text: inout [UInt8]) {
        let missing = max(0, width - name.unicodeScalars.count)
        if atRight { text.append(contentsOf: repeatElement(0x20, count: missing)) }
        text.append(name)
        if !atRight { text.append(contentsOf: repeatElement(0x20, count: missing)) }
    }

    /// For what is ASCII.
    private static func pad(from start: Int, width: Int, atRight: Bool = false, _ text: inout [UInt8]) {
        let missing = width - (text.count - start)
        guard missing > 0 else { return }
        if !atRight { return text.append(contentsOf: repeatElement(0x20, count: missing)) }
        text.insert(contentsOf: repeatElement(0x20, count: missing), at: start)
    }

    private static func endLine(_ text: inout [UInt8]) {
        while text.last == 0x20 { text.removeLast() }
        text.append(UInt8(ascii: "\n"))
    }
}

extension FaultPlan.Column {
    /// `slow: latency, counted per agent`
    fileprivate var legend: String {
        let counted = counting == .issuer ? "request to the issuer" : counting.rawValue
        let condition = definition.fault.condition.map { ", \($0)" } ?? ""
        let manner = definition.isOnce ? "once, at the first call of all" : "counted per \(counted)"
        return "\(definition.name): \(definition.entry.fault), \(manner)\(condition)\n"
    }

    /// A long name is cut: the legend has all of it.
    fileprivate var shownName: String {
        let letters = definition.name.unicodeScalars
        return letters.count <= 30 ? definition.name : String(String.UnicodeScalarView(letters.prefix(29))) + "…"
    }
}

extension FaultPlan.Cell {
    fileprivate func append(to text: inout [UInt8]) {
        switch self {
        case .none: text.append("-")
        case .strikes: text.append("strikes")
        case .may: text.append("may strike")
        case .draws(let nanoseconds):
            text.append(milliseconds: nanoseconds)
            text.append(" ms")
        }
    }
}

extension [UInt8] {
    /// Appends `1320.417`: thousandths of a millisecond, rounded down.
    mutating func append(milliseconds nanoseconds: Int64) {
        append(decimal: Int(nanoseconds / 1_000_000))
        append(UInt8(ascii: "."))
        append(decimal: Int(nanoseconds / 1_000 % 1_000), width: 3)
    }
}
