import Bytes

/// One page of a sorted list, and what asks for the next one. A token names the last item of the page before, and what it
/// was asked with: it holds also when items have come and gone since.
struct Page<Item> {
    let items: [Item]
    let next: String?

    init(
        _ all: [Item], token: String?, most: Int, scope: String, key: (Item) -> String, invalid: () -> NeighbourError
    ) throws(NeighbourError) {
        var start = 0
        if let token {
            guard let last = Self.last(token, scope) else { throw invalid() }
            start = all.firstIndex { key($0) == last }.map { $0 + 1 } ?? all.firstIndex { key($0) > last } ?? all.count
        }
        items = Array(all[start..<min(all.count, start + most)])
        let isLast = start + items.count >= all.count
        next = isLast ? nil : items.last.map { Base64.url.encode(Array("\(scope)\n\(key($0))".utf8)) }
    }

    private static func last(_ token: String, _ scope: String) -> String? {
        let start = Array("\(scope)\n".utf8)
        guard let bytes = Base64.url.decode(token.utf8), bytes.starts(with: start) else { return nil }
        return String(utf8: bytes.dropFirst(start.count))
    }
}
