import Bytes
import HTTPWire

/// What request lines led to before: programs send the same few again and again, and taking one apart costs more than
/// the rest of the search. Belongs to one directory.
struct Doors {
    final class Door {
        let operation: Operation
        let agent: KnownAgent
        let qualifier: String
        fileprivate let method: [UInt8]
        fileprivate let target: [UInt8]

        fileprivate init(
            _ operation: Operation, _ agent: KnownAgent, _ qualifier: String, method: [UInt8], target: [UInt8]
        ) {
            (self.operation, self.agent, self.qualifier) = (operation, agent, qualifier)
            (self.method, self.target) = (method, target)
        }

        fileprivate func isBehind(_ target: Span<UInt8>, method: Span<UInt8>) -> Bool {
            let (known, knownMethod) = (self.target, self.method)
            return ByteSearch.equal(target, known.span) && ByteSearch.equal(method, knownMethod.span)
        }
    }

    private static let count = 64
    private static let longest = 1_024
    private var doors = [Door?](repeating: nil, count: count)

    /// - Parameter path: where the path begins, without the prefix of a space: what stands before it is not compared.
    func door(for request: borrowing Request, path: Int) -> Door? {
        let head = request.head.span
        let target = head.extracting(path..<request.target.upperBound)
        guard target.count <= Self.longest, let door = doors[Self.place(of: target)],
            door.isBehind(target, method: head.extracting(request.method))
        else { return nil }
        return door
    }

    mutating func remember(
        _ operation: Operation, _ agent: KnownAgent, qualifier: String, for request: borrowing Request, path: Int
    ) {
        let target = path..<request.target.upperBound
        guard target.count <= Self.longest else { return }
        doors[Self.place(of: request.head.span.extracting(target))] = Door(
            operation, agent, qualifier, method: Array(request.head[request.method]),
            target: Array(request.head[target]))
    }

    /// Eight bytes a step. Who wants collisions gets them, and is answered the longer way.
    private static func place(of target: Span<UInt8>) -> Int {
        let words = target.bytes
        var hash = UInt64(target.count)
        var offset = target.count & 7
        while offset < target.count {
            let word = words.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 32
            offset += 8
        }
        return Int(truncatingIfNeeded: hash) & (count - 1)
    }
}
