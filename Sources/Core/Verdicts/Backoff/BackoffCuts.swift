import Mathematics

/// Guessed stories that were cut at the declared number of attempts, and what followed them when one more attempt would.
///
/// Rules:
/// - A follower may be another invocation of the same payload; so it accuses nobody, but what it follows is no evidence.
/// - Another invocation would be tried as often as declared. A follower that fails and is not tried so often is the rest of
///   the story that was cut.
struct BackoffCuts: Sendable {
    /// Guessed stories with as many attempts as declared, where no doubt is which calls are theirs.
    var full = 0
    private(set) var followers = CallNumbers()
    /// Followers that failed to their end.
    private(set) var spent = 0
    /// Of these, the ones that ended too soon for an invocation of their own.
    private(set) var rests = CallNumbers()
    /// First calls of the followers that may go on.
    private var open: Set<Int> = []

    mutating func follow(_ call: Int) {
        followers.add(call)
        open.insert(call)
    }

    mutating func answered(_ story: Invocations.Story) { open.remove(story.firstCall) }

    /// The story failed, and nothing came after.
    mutating func gaveUp(_ story: Invocations.Story, least: Int) {
        guard open.remove(story.firstCall) != nil else { return }
        spent += 1
        if story.attempt < least { rests.add(story.firstCall) }
    }

    /// So many are followed that the stories may be longer than declared.
    var isDoubtful: Bool { 10 * followers.count > full }

    /// A caller may be interrupted, but hardly so often.
    var areRests: Bool { Tails.binomial(atLeast: rests.count, of: spent, chance: 0.1) < 0.0002 }
}
