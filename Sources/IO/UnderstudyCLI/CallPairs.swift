import Recording

/// Goes through two files side by side, and pairs the calls that ask the same. Only a window of each is in memory.
struct CallPairs {
    /// A call that is in one file alone is told from one that only came later within so many.
    private static let window = 64

    private var left: Ahead
    private var right: Ahead

    init(_ left: @escaping () throws(Failure) -> ComparedCall?, _ right: @escaping () throws(Failure) -> ComparedCall?)
    {
        (self.left, self.right) = (Ahead(left), Ahead(right))
    }

    /// The next pair; nil on one side for a call that the other lacks, nil altogether when both are at their end.
    mutating func next() throws(Failure) -> (left: ComparedCall?, right: ComparedCall?)? {
        guard let one = try left.call(at: 0) else { return try right.take().map { (nil, $0) } }
        guard let other = try right.call(at: 0) else { return (try left.take(), nil) }
        if one.asks != other.asks {
            for distance in 1..<Self.window {
                if try right.call(at: distance)?.asks == one.asks { return (nil, try right.take()) }
                if try left.call(at: distance)?.asks == other.asks { return (try left.take(), nil) }
            }
        }
        return (try left.take(), try right.take())
    }

    /// Calls of one file that were read already.
    private struct Ahead {
        private var calls: [(call: ComparedCall, asks: [UInt8])] = []
        private let read: () throws(Failure) -> ComparedCall?

        init(_ read: @escaping () throws(Failure) -> ComparedCall?) { self.read = read }

        mutating func call(at distance: Int) throws(Failure) -> (call: ComparedCall, asks: [UInt8])? {
            while calls.count <= distance, let call = try read() { calls.append((call, call.isAsking)) }
            return distance < calls.count ? calls[distance] : nil
        }

        mutating func take() throws(Failure) -> ComparedCall? {
            try call(at: 0) == nil ? nil : calls.removeFirst().call
        }
    }
}
