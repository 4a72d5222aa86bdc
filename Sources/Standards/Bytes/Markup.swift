/// XML 1.0, and HTML as far as it is the same.
package enum Markup {
    /// For texts and attributes. XML 1.0 2.2: of the control characters only tab, line feed and carriage return are
    /// characters; what is none is replaced.
    package static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&apos;"
            case "\t", "\n", "\r": escaped += "&#\(scalar.value);"
            default:
                let isCharacter = scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
                escaped.unicodeScalars.append(isCharacter ? scalar : "\u{FFFD}")
            }
        }
        return escaped
    }
}
