import Bytes
import SigV4

extension Message {
    /// A request as a file holds it: lines, an empty line, the body. Reads what no HTTP parser would let pass, because
    /// the published vectors contain it: raw spaces and UTF-8 in the target, folded fields.
    init(text bytes: [UInt8]) {
        let newline = UInt8(ascii: "\n")
        var lines: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: newline) {
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            if line.isEmpty { break }
            lines.append(line)
        }
        let request = lines.isEmpty ? [] : Array(lines.removeFirst())
        let space = request.firstIndex(of: UInt8(ascii: " ")) ?? request.count
        let last = request.lastIndex(of: UInt8(ascii: " ")) ?? request.count
        var fields: [(name: String, value: String)] = []
        for line in lines {
            if line.first == UInt8(ascii: " "), let field = fields.popLast() {
                fields.append((field.name, field.value + "\n" + String(lossy: line)))
            } else {
                let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
                fields.append(
                    (
                        String(lossy: line[..<colon]),
                        String(lossy: line[(colon + 1)...].drop { $0 == UInt8(ascii: " ") })
                    ))
            }
        }
        self.init(
            method: String(lossy: request[..<space]), target: String(lossy: request[(space + 1)..<last]),
            fields: fields, body: Array(rest))
    }
}
