import Bytes
import JSON

/// The way from the top of a file to a value, as steps. It becomes a text only for a mistake: writing the path of each
/// of a library's values would take longer than reading it.
package indirect enum FieldPath {
    case top
    case member(FieldPath, String)
    case index(FieldPath, Int)

    package func appending(_ name: String) -> FieldPath { .member(self, name) }
    package func appending(_ index: Int) -> FieldPath { .index(self, index) }

    /// `rules[2].when.header["X-Name"]`
    package var text: String {
        switch self {
        case .top: return ""
        case .index(let before, let index): return "\(before.text)[\(index)]"
        case .member(let before, let name):
            let path = before.text
            let isWord = !name.isEmpty && name.utf8.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == 0x5F }
            if !isWord { return path + "[\(Value.string(name).json())]" }
            return path.isEmpty ? name : "\(path).\(name)"
        }
    }
}
