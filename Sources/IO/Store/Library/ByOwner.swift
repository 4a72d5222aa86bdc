/// What rows of another table say, by the row that they belong to: in the order of their owners. Whoever takes them takes
/// them mostly in that order too, and finds the next one without a search.
struct ByOwner<Value> {
    private var owners: [Int64] = []
    private var values: [Value?] = []
    private var next = 0

    init(capacity: Int) {
        owners.reserveCapacity(capacity)
        values.reserveCapacity(capacity)
    }

    /// Those whose values were not taken.
    var left: [Int64] { owners.indices.filter { values[$0] != nil }.map { owners[$0] } }

    /// Owners come in ascending order.
    mutating func append(_ owner: Int64, _ value: consuming Value) {
        precondition(owners.last.map { $0 < owner } ?? true, "owners out of order")
        owners.append(owner)
        values.append(value)
    }

    /// Changes the value of the latest owner.
    mutating func changeLast(_ change: (inout Value) -> Void) {
        change(&values[values.count - 1]!)
    }

    var latest: Int64? { owners.last }

    mutating func take(_ owner: Int64) -> Value? {
        if next >= owners.count || owners[next] != owner {
            guard let place = place(of: owner) else { return nil }
            next = place
        }
        next += 1
        return values[next - 1].take()
    }

    private func place(of owner: Int64) -> Int? {
        var range = 0..<owners.count
        while !range.isEmpty {
            let middle = (range.lowerBound + range.upperBound) / 2
            range = owners[middle] < owner ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound < owners.count && owners[range.lowerBound] == owner ? range.lowerBound : nil
    }
}
