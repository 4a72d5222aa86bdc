import Library
import Recording
import Redaction

/// Takes the secrets out of recorded calls on their way into a library, with the pseudonyms that it has already.
package final class RecordedRedaction {
    private let rules: SecretRules
    private let key: [UInt8]
    private let isMeant: (Int) -> Bool
    /// How many places of secrets were replaced.
    package private(set) var replaced = 0
    /// What was not kept because it could not be looked through.
    package private(set) var withheld: [String] = []
    /// What was found, for whoever scans the file.
    package private(set) var known = KnownSecrets()

    /// `isMeant` says of which scenarios, by their number.
    package init(rules: SecretRules, key: [UInt8], of isMeant: @escaping (Int) -> Bool) {
        (self.rules, self.key, self.isMeant) = (rules, key, isMeant)
    }

    func applied(to scenarios: [Scenario], _ database: Database) throws(DatabaseError) -> [Scenario] {
        let pseudonyms = Pseudonyms(key: key, entries: try database.readPseudonyms())
        var redactor = Redactor(rules: rules, pseudonyms: pseudonyms)
        // A secret that one call names may stand anywhere in another: all of them are learned first.
        _ = clean(scenarios, &redactor)
        redactor.pseudonyms.forgetCount()
        withheld = []
        let kept = clean(scenarios, &redactor)
        (replaced, known) = (redactor.pseudonyms.replaced, redactor.known)
        try database.writePseudonyms(redactor.pseudonyms.takeAdded())
        return kept
    }

    private func clean(_ scenarios: [Scenario], _ redactor: inout Redactor) -> [Scenario] {
        var kept = scenarios
        for place in kept.indices where isMeant(place) {
            for call in kept[place].recorded.indices {
                withheld += kept[place].recorded[call].redact(&redactor)
            }
        }
        return kept
    }
}
