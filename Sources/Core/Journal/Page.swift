/// Room for the bytes of many calls, one behind the other: taken from memory and given back as a whole, so that a call
/// that comes and one that is pushed out allocate and free nothing.
final class Page {
    static let size = 262_144

    let bases: Bases
    private(set) var bytes: [UInt8] = []

    init(_ bases: Bases, capacity: Int = size) {
        self.bases = bases
        bytes.reserveCapacity(capacity)
    }

    func hasRoom(for count: Int) -> Bool { bytes.capacity - bytes.count >= count }

    /// Where the bytes lie from now on.
    func append(_ more: borrowing [UInt8]) -> Int {
        let start = bytes.count
        more.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        return start
    }
}
