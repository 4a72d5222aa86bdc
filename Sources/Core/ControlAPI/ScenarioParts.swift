import Emulator
import JSON
import Library

/// The whole scenario as JSON, an element at a time.
struct ScenarioParts: IteratorProtocol {
    private let library: LibrarySnapshot
    private let sections: [ScenarioFile.Section]
    private let texts: SharedTexts
    private var section = 0
    /// The element that comes next; -1 before the section's name.
    private var element = -1
    private var isBetween = false

    init(_ library: LibrarySnapshot, _ texts: SharedTexts) {
        (self.library, self.texts) = (library, texts)
        sections = ScenarioFile.sections(of: library.scenario)
    }

    mutating func next() -> SharedTexts.Text? {
        guard section < sections.count else {
            guard section == sections.count else { return nil }
            section += 1
            return SharedTexts.Text(Array("}".utf8))
        }
        let (name, content) = (sections[section].name, sections[section].content)
        guard element >= 0 else { return SharedTexts.Text(begin(name, content)) }
        guard case .list(let count, let value) = content, element < count else {
            (section, element) = (section + 1, -1)
            return SharedTexts.Text(Array("]".utf8))
        }
        if element > 0, !isBetween {
            isBetween = true
            return SharedTexts.Text([UInt8(ascii: ",")])
        }
        (isBetween, element) = (false, element + 1)
        let key = SharedTexts.Key(ObjectIdentifier(library), section, element)
        return texts.text(key) { value(element - 1).compact }
    }

    private mutating func begin(_ name: String, _ content: ScenarioFile.Section.Content) -> [UInt8] {
        var json = [section == 0 ? UInt8(ascii: "{") : UInt8(ascii: ",")]
        Value.string(name).append(to: &json)
        json.append(UInt8(ascii: ":"))
        switch content {
        case .value(let value):
            value.append(to: &json)
            section += 1
        case .list:
            json.append(UInt8(ascii: "["))
            element = 0
        }
        return json
    }
}
