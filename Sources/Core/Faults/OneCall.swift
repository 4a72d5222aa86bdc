import Delivery
import Fields
import Library

/// Faults for one call, named by the call itself in its header.
enum OneCall {
    static let mostFaults = 16

    /// The entries that the field's value names.
    static func read(_ text: String) throws(Mistake) -> [FaultEntry] {
        let entries = try FaultText.read(text, atMost: mostFaults)
        guard entries.count <= mostFaults else {
            throw Mistake("more than \(mostFaults) faults for one call")
        }
        return entries
    }
}

extension FaultBook {
    /// What a call's own header arms for it alone. Such a fault strikes whatever else holds; it is not counted.
    package mutating func strikes(named header: String, _ candidate: FaultCandidate) -> Result<
        StruckFaults, Mistakes
    > {
        let entries: [FaultEntry]
        do throws(Mistake) { entries = try OneCall.read(header) } catch {
            return .failure(Mistakes([error]))
        }
        var strikes: [StruckFault] = []
        let mistakes = MistakeList()
        for entry in entries {
            let path = FieldPath.parameter(.top, entry.fault)
            guard
                let definition = Definition.read(
                    entry, name: entry.fault, at: path, armedAt: candidate.now, mistakes)
            else { continue }
            if definition.fault.concernsIssuer {
                mistakes.add("\"\(entry.fault)\" is a fault of the issuer, not of one call", path: .top)
            }
            let seed = Armed.seed(seed, space: space, name: entry.fault)
            oneCallStrikes += 1
            strikes.append(
                StruckFault(
                    name: entry.fault, word: entry.fault, stage: definition.stage, seed: ~seed, number: oneCallStrikes))
        }
        if mistakes.count > 0 { return .failure(Mistakes(mistakes.mistakes)) }
        return .success(StruckFaults(strikes, coldStart: candidate.coldStart))
    }
}
