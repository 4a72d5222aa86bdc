/// The frames of an answer that is too long for memory: they stay in their file, and are read a few at a time.
package final class StoredFrames: Sendable {
    /// Behind which frame to read on: its place in its file.
    package struct Mark: Equatable, Sendable {
        package var position: Int64
        package var row: Int64

        package init(position: Int64, row: Int64) { (self.position, self.row) = (position, row) }
    }

    package struct Window: Sendable {
        package var frames: [RecordedFrame]
        /// Nil at the end.
        package var next: Mark?

        package init(frames: [RecordedFrame], next: Mark?) { (self.frames, self.next) = (frames, next) }
    }

    package typealias Read = @Sendable (_ after: Mark?) -> Window?

    package let count: Int
    package let byteCount: Int
    private let readWindow: Read

    /// `read` answers nil when the file cannot be read.
    package init(count: Int, byteCount: Int, read: @escaping Read) {
        (self.count, self.byteCount, readWindow) = (count, byteCount, read)
    }

    /// Waits for the disk.
    package func read(after mark: Mark?) -> Window? { readWindow(mark) }

    /// All of them, as far as they can be read.
    package func each(_ body: ([RecordedFrame]) -> Void) {
        var mark: Mark?
        repeat {
            guard let window = read(after: mark) else { return }
            body(window.frames)
            mark = window.next
        } while mark != nil
    }

    package var all: [RecordedFrame] {
        var frames: [RecordedFrame] = []
        frames.reserveCapacity(count)
        each { frames += $0 }
        return frames
    }
}

extension StoredFrames: Equatable {
    package static func == (left: StoredFrames, right: StoredFrames) -> Bool {
        left === right
            || left.count == right.count && left.byteCount == right.byteCount && left.all == right.all
    }
}
