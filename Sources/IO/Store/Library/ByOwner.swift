/// What rows of another table say, by the row that they belong to: in the order of their owners. Whoever takes them takes
/// them mostly in that order too, and finds the next one without a search.
struct ByOwner<Value> {
    private var owners: [Int64] = []
    private var values: [Value?] = []
    private var next = 0
    private var latestPlace = 0

    init(capacity: Int) {
        owners.reserveCapacity(capacity)
        values.reserveCapacity(capacity)
    }

    /// Those whose values were not taken.
    var left: [Int64] { owners.indices.filter { values[$0] != nil }.map { owners[$0] } }

    /// Owners come in ascending order, but not out of a damaged file; of two values of one owner the later counts.
    mutating func append(_ owner: Int64, _ value: consuming Value) {
        latestPlace = owners.last.map { $0 < owner } ?? true ? owners.count : firstPlace(from: owner)
        if latestPlace < owners.count, owners[latestPlace] == owner {
            values[latestPlace] = value
        } else {
            owners.insert(owner, at: latestPlace)
            values.insert(value, at: latestPlace)
        }
    }

    /// Changes the value of the latest owner.
    mutating func changeLast(_ change: (inout Value) -> Void) {
        change(&values[latestPlace]!)
    }

    var latest: Int64? { owners.isEmpty ? nil : owners[latestPlace] }

    mutating func take(_ owner: Int64) -> Value? {
        if next >= owners.count || owners[next] != owner {
            guard let place = place(of: owner) else { return nil }
            next = place
        }
        next += 1
        return values[next - 1].take()
    }

    private func place(of owner: Int64) -> Int? {
        let place = firstPlace(from: owner)
        return place < owners.count && owners[place] == owner ? place : nil
    }

    private func firstPlace(from owner: Int64) -> Int {
        var range = 0..<owners.count
        while !range.isEmpty {
            let middle = (range.lowerBound + range.upperBound) / 2
            range = owners[middle] < owner ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }
}
