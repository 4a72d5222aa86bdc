/// Parts of answers that are large by themselves, as long as anybody still has to send them: whoever comes to one that
/// another reader holds sends the same bytes.
final class SharedTexts {
    struct Key: Hashable {
        private let owner: ObjectIdentifier
        private let section: Int
        private let element: Int

        init(_ owner: ObjectIdentifier, _ section: Int, _ element: Int) {
            (self.owner, self.section, self.element) = (owner, section, element)
        }
    }

    final class Text {
        let bytes: [UInt8]

        init(_ bytes: [UInt8]) { self.bytes = bytes }
    }

    private struct Holder {
        weak var text: Text?
    }

    /// What is smaller is made anew by each.
    private static let least = 65_536
    private var holders: [Key: Holder] = [:]
    private var mostHolders = 64

    /// Whoever holds the text has the owner too, so a key means one text.
    func text(_ key: Key, _ make: () -> [UInt8]) -> Text {
        if let text = holders[key]?.text { return text }
        let text = Text(make())
        guard text.bytes.count >= Self.least else { return text }
        if holders.count >= mostHolders {
            holders = holders.filter { $0.value.text != nil }
            mostHolders = max(64, 2 * holders.count)
        }
        holders[key] = Holder(text: text)
        return text
    }
}
