import Foundation

/// The scenario files that stand in the repository.
public enum ScenarioFixtures {
    public static let names = [
        "built-in", "restaurant", "coach", "trades", "telco", "warehouse", "travel", "restaurant-faults",
        "coach-faults", "trades-faults", "trades-outage-faults", "trades-breaker-faults", "telco-faults",
        "restaurant-breaker-faults", "coach-breaker-faults", "telco-breaker-faults", "warehouse-faults",
        "travel-faults",
    ]

    public static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: Vectors.repository.appending(path: "fixtures/scenarios/\(name).json")))
    }
}
