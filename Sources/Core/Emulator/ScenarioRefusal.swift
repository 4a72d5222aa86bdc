import Faults
import Rules
import Library
import Time

/// Why a scenario that reads well cannot be served: a rule or a fault in it, and what is wrong with it.
package struct ScenarioRefusal: Error, Equatable, CustomStringConvertible {
    package let description: String

    static func rules(of scenario: Scenario) throws(ScenarioRefusal) -> RuleBook {
        do throws(RuleRefusal) {
            return try RuleBook(scenario)
        } catch {
            throw ScenarioRefusal(description: error.description)
        }
    }

    static func faults(of scenario: Scenario, _ seed: UInt64, _ now: Instant) throws(ScenarioRefusal) -> FaultBook {
        do throws(FaultMistakes) {
            return try FaultBook(scenario.faults, seed: seed, space: "default", now: now)
        } catch {
            throw ScenarioRefusal(description: error.description)
        }
    }
}
