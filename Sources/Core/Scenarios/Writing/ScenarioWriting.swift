import JSON

extension ScenarioFile {
    /// The scenario as text that `read` takes back without loss. The bytes of its files are not part of it.
    package static func write(_ scenario: Scenario) -> [UInt8] {
        var bytes = value(of: scenario).bytes(.pretty)
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    package static func value(of scenario: Scenario) -> Value {
        var fields = FieldWriter()
        fields.add("understudy", version)
        fields.add("agents", list: scenario.agents, \.written)
        fields.add("credentials", list: scenario.credentials, \.written)
        fields.add("users", list: scenario.users, \.written)
        fields.add("rules", list: scenario.rules, \.written)
        fields.add("faults", list: scenario.faults, \.written)
        return fields.object
    }

    /// Every mistake of a scenario that did not come from a file, by its path: what `read` would say of its text.
    package static func mistakes(in scenario: Scenario, name: String) -> [Mistake] {
        read(write(scenario), fileName: name).1
    }
}
