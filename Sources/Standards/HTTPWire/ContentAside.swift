/// The rest of a large content, which lies outside of memory. It follows what a request has in its body.
package final class ContentAside: Sendable {
    package let count: Int
    private let readAt: @Sendable (_ offset: Int, _ most: Int) -> [UInt8]?

    package init(count: Int, read: @escaping @Sendable (_ offset: Int, _ most: Int) -> [UInt8]?) {
        (self.count, readAt) = (count, read)
    }

    /// Up to so many bytes from this place on; nil when they cannot be read.
    package func read(at offset: Int, most: Int) -> [UInt8]? { readAt(offset, min(most, count - offset)) }
}

extension ContentAside: Equatable {
    package static func == (left: ContentAside, right: ContentAside) -> Bool { left === right }
}
