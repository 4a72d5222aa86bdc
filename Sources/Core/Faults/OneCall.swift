import Delivery
import Library

/// Faults for one call, named by the call itself.
package enum OneCall {
    /// The header field, in lower case.
    package static let field: StaticString = "x-understudy-fault"
    static let mostFaults = 16

    /// The entries that the field's value names.
    static func read(_ text: String) -> Result<[FaultEntry], FaultMistakes> {
        do throws(FaultMistake) {
            let entries = try FaultText.read(text, atMost: mostFaults)
            guard entries.count <= mostFaults else {
                throw FaultMistake([], "more than \(mostFaults) faults for one call")
            }
            return .success(entries)
        } catch {
            return .failure(FaultMistakes(list: [error]))
        }
    }
}

extension FaultBook {
    /// What a call's own header arms for it alone. Such a fault strikes whatever else holds; it is not counted.
    package mutating func strikes(named header: String, _ candidate: FaultCandidate) -> Result<
        StruckFaults, FaultMistakes
    > {
        let entries: [FaultEntry]
        switch OneCall.read(header) {
        case .success(let found): entries = found
        case .failure(let mistakes): return .failure(mistakes)
        }
        var strikes: [StruckFault] = []
        var mistakes: [FaultMistake] = []
        for entry in entries {
            switch Definition.read(entry, name: entry.fault, at: [entry.fault], armedAt: candidate.now) {
            case .success(let definition):
                if definition.fault.concernsIssuer {
                    mistakes.append(FaultMistake([], "\"\(entry.fault)\" is a fault of the issuer, not of one call"))
                }
                let seed = Armed.seed(seed, space: space, name: entry.fault)
                oneCallStrikes += 1
                strikes.append(
                    StruckFault(name: entry.fault, stage: definition.stage, seed: ~seed, number: oneCallStrikes))
            case .failure(let found): mistakes += found.list
            }
        }
        if !mistakes.isEmpty { return .failure(FaultMistakes(list: mistakes)) }
        return .success(StruckFaults(strikes, coldStart: candidate.coldStart))
    }
}
