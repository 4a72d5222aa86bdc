import JSON
import Time
import Verdicts

/// What a policy allows after so many failures, and the waits that were seen: seconds, from the figures of a verdict.
struct WaitBand: Equatable, Sendable {
    var failure: Int
    var count: Int
    var least: Double
    var median: Double
    var most: Double
    var from: Double
    var to: Double

    static func bands(_ figures: [Value.Member]) -> [WaitBand] {
        (figures.first { $0.name == "waits" }?.value.array ?? []).compactMap { wait in
            guard let failure = wait["after"]?.integer, let least = wait["least"]?.double,
                let median = wait["median"]?.double, let most = wait["most"]?.double
            else { return nil }
            return WaitBand(
                failure: failure, count: wait["count"]?.integer ?? 0, least: least, median: median, most: most,
                from: wait["from"]?.double ?? 0, to: wait["to"]?.double ?? most)
        }
    }
}

/// One token: from when to when it was good, as far as the picture goes, and the calls that came with it.
struct TokenLife: Equatable, Sendable {
    struct Use: Equatable, Sendable {
        var call: Int
        var at: Instant
        var isRefused: Bool
    }

    var id: String
    var from: Instant
    var to: Instant
    var uses: [Use]

    /// In the order in which they came first.
    static func lives(_ calls: [ReportedCall]) -> [TokenLife] {
        var (places, lives): ([String: Int], [TokenLife]) = ([:], [])
        for call in calls where !call.isIssuer {
            guard let token = call.token else { continue }
            if places[token.id] == nil {
                places[token.id] = lives.count
                lives.append(
                    TokenLife(
                        id: token.id, from: token.issued ?? call.arrived, to: token.expires ?? call.arrived, uses: []))
            }
            guard let place = places[token.id] else { continue }
            lives[place].uses.append(Use(call: call.number, at: call.arrived, isRefused: call.kind == .refused))
        }
        return lives
    }

    /// `9f2c41aa: 3 calls, 1 refused`
    var text: String {
        let refused = uses.filter(\.isRefused).count
        return "\(id.prefix(8)): \(uses.count) calls" + (refused > 0 ? ", \(refused) refused" : "")
    }
}
