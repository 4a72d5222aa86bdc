import Bytes

/// Columns on their way to the writer's thread, one after the other: a kind and eight bytes. Those are a number itself, or
/// the length of a text or a blob that follows.
enum ColumnContent {
    enum Kind: UInt8 {
        case null
        case integer
        case text
        case blob
    }

    /// What a column takes beside its text or blob.
    static let overhead = 1 + MemoryLayout<Int64>.size

    /// Binds the columns that lie in this place to the parameters from `first` on. They stay where they are: `content` has
    /// to stay there too, until the statement has run and let go of them.
    static func bind(
        _ place: Range<Int>, of content: UnsafeRawBufferPointer, from first: Int32, to row: Statement
    ) throws(DatabaseError) {
        precondition(place.lowerBound >= 0 && place.upperBound <= content.count, "columns beyond the content")
        var (at, index) = (place.lowerBound, first)
        while at < place.upperBound {
            precondition(at + overhead <= place.upperBound, "half a column")
            let number = content.loadUnaligned(fromByteOffset: at + 1, as: Int64.self)
            let kind = Kind(rawValue: content[at])
            at += overhead
            switch kind {
            case .integer: try row.bind(index, number)
            case .text, .blob:
                let end = at + Int(number)
                precondition(at <= end && end <= place.upperBound, "half a text")
                let bytes = UnsafeRawBufferPointer(rebasing: content[at..<end])
                try kind == .text ? row.bind(index, unownedText: bytes) : row.bind(index, unownedBlob: bytes)
                at = end
            case .null, nil: try row.bindNull(index)
            }
            index += 1
        }
    }
}

extension OutputSpan<UInt8> {
    mutating func appendNullColumn() { append(.null, 0) }

    mutating func appendColumn(_ number: Int) { append(.integer, number) }

    mutating func appendColumn(text: String?) {
        guard let text else { return appendNullColumn() }
        appendColumn(text: text.utf8.span)
    }

    mutating func appendColumn(text: Span<UInt8>) {
        append(.text, text.count)
        append(text)
    }

    mutating func appendColumn(blob: Span<UInt8>) {
        append(.blob, blob.count)
        append(blob)
    }

    /// For a text of exactly `count` bytes that the caller appends.
    mutating func appendColumn(textOf count: Int) { append(.text, count) }

    private mutating func append(_ kind: ColumnContent.Kind, _ number: Int) {
        append(kind.rawValue)
        append(bytesOf: Int64(number))
    }
}
