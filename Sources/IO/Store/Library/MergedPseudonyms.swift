import Library
import Recording
import Redaction

extension LibraryFile {
    /// What the library knows of the secrets that were taken out of it.
    package static func codes(in path: String) throws(DatabaseError) -> [Pseudonyms.Entry] {
        try Database.reading(path) { (database) throws(DatabaseError) in try database.readPseudonyms() }
    }
}

extension Database {
    /// The same secret has one name in the library, and different ones have different names, whichever file they came
    /// from. `codes` are those of each scenario, or none.
    func mergePseudonyms(
        of scenarios: [Scenario], _ codes: [[Pseudonyms.Entry]], into whole: Scenario
    ) throws(DatabaseError) -> [Scenario] {
        var merging = PseudonymMerging(entries: try readPseudonyms(), standing: whole.recorded.pseudonyms)
        var named = scenarios
        for place in named.indices {
            let entries = codes.indices.contains(place) ? codes[place] : []
            let names = merging.add(entries, standing: named[place].recorded.pseudonyms)
            for call in named[place].recorded.indices { named[place].recorded[call].rename(names) }
        }
        try writePseudonyms(merging.takeAdded())
        return named
    }
}

extension [RecordedCall] {
    fileprivate var pseudonyms: Set<PseudonymName> { reduce(into: []) { $0.formUnion($1.pseudonyms) } }
}
