import Bytes
import Library
import Time

/// Tokens that were verified, so that the next call with the same one costs a look-up. It holds only what was believed,
/// so nobody can fill it with noise, and an entry counts only for the authorizer and the keys it was believed with.
struct TokenCache {
    /// A token by its bytes. The signature's end is as good as random, so that is all that is hashed.
    struct Key: Hashable {
        let token: ArraySlice<UInt8>

        func hash(into hasher: inout Hasher) {
            token.suffix(16).withUnsafeBytes { hasher.combine(bytes: $0) }
        }

        static func == (left: Key, right: Key) -> Bool { ConstantTime.equal(left.token.span, right.token.span) }

        /// The same bytes in storage of their own, so that a kept token does not keep the request it came in.
        var owned: Key { Key(token: Array(token)[...]) }
    }

    /// A class, because an authorizer has many parts, and every look-up would copy them all.
    private final class Acceptance: Sendable {
        /// Nil for an agent that takes any token of ours.
        let authorizer: JWTAuthorizer?
        let generation: Int
        /// The space whose issuer the token names; nil for one that names none.
        let space: String?
        let grant: Grant

        init(authorizer: JWTAuthorizer?, generation: Int, space: String?, grant: Grant) {
            self.authorizer = authorizer
            self.generation = generation
            self.space = space
            self.grant = grant
        }
    }

    private struct Entry {
        let validity: ClosedRange<Int64>
        var acceptances: [Acceptance]
    }

    static let limit = 10_000
    /// Agents that one token is remembered for.
    static let acceptanceLimit = 16

    private var entries: [Key: Entry] = [:]
    /// In the order of their arrival, as a ring once it is full.
    private var order: [Key] = []
    private var oldest = 0

    init() {}

    var count: Int { entries.count }

    /// Who the token's owner is, when it was believed by `authorizer` with the keys of `generation` and is valid in
    /// `space` and `now`.
    func grant(
        for token: ArraySlice<UInt8>, _ authorizer: JWTAuthorizer?, generation: Int, space: String, now: Instant
    ) -> Grant? {
        guard let entry = entries[Key(token: token)], entry.validity.contains(now.nanoseconds) else {
            return nil
        }
        return entry.acceptances.first {
            $0.generation == generation && ($0.space ?? space) == space && $0.authorizer == authorizer
        }?.grant
    }

    mutating func remember(
        _ token: ArraySlice<UInt8>, _ grant: Grant, by authorizer: JWTAuthorizer?, generation: Int,
        space: String?, validity: ClosedRange<Int64>
    ) {
        let key = Key(token: token).owned
        let acceptance = Acceptance(authorizer: authorizer, generation: generation, space: space, grant: grant)
        if var entry = entries[key] {
            entry.acceptances.removeAll { $0.authorizer == authorizer && $0.generation == generation }
            if entry.acceptances.count == Self.acceptanceLimit { entry.acceptances.removeFirst() }
            entry.acceptances.append(acceptance)
            entries[key] = entry
            return
        }
        makeRoom(for: key)
        entries[key] = Entry(validity: validity, acceptances: [acceptance])
    }

    private mutating func makeRoom(for key: Key) {
        guard order.count == Self.limit else { return order.append(key) }
        entries[order[oldest]] = nil
        order[oldest] = key
        oldest = (oldest + 1) % Self.limit
    }
}
