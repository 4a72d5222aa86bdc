import Scenarios

extension Scenario {
    /// What both say. What has the same identity (an agent's ARN, a credential's access key, a user's name and client, a
    /// rule's or a fault's name, a file's path) is replaced where it stands, so that the order of rules holds; what has
    /// no name is the same only if it says the same. All else is added at the end. Adding twice adds once.
    package func adding(_ other: Scenario) -> Scenario {
        var both = self
        both.agents = Self.replacing(agents, other.agents) { $0.arn == $1.arn }
        both.credentials = Self.replacing(credentials, other.credentials) { $0.accessKeyId == $1.accessKeyId }
        both.users = Self.replacing(users, other.users) { $0.username == $1.username && $0.clientId == $1.clientId }
        both.rules = Self.replacing(rules, other.rules) { $0.name == nil ? $0 == $1 : $0.name == $1.name }
        both.faults = Self.replacing(faults, other.faults) { $0.name == nil ? $0 == $1 : $0.name == $1.name }
        both.files.merge(other.files) { _, new in new }
        return both
    }

    /// Each of `new` takes the place of the first of `old` that is the same thing and not replaced yet.
    private static func replacing<Entry>(
        _ old: [Entry], _ new: [Entry], _ isSame: (Entry, Entry) -> Bool
    ) -> [Entry] {
        var entries = old
        var free = Array(old.indices)
        for entry in new {
            if let place = free.firstIndex(where: { isSame(old[$0], entry) }) {
                entries[free.remove(at: place)] = entry
            } else {
                entries.append(entry)
            }
        }
        return entries
    }
}
