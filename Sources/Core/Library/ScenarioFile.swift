import Bytes
import Fields
import JSON
import Rules

/// A scenario as text: contract section 3.
package enum ScenarioFile {
    /// The version that this Understudy reads and writes.
    package static let version = 1

    /// The scenario, or every mistake that keeps it from being one. What `file` replies name is not read here: see
    /// `Scenario.fileNames`.
    package static func read(_ bytes: [UInt8], fileName: String) -> (Scenario?, [Mistake]) {
        let list = MistakeList()
        let scenario: Scenario?
        do throws(SyntaxError) {
            let root = try Node.parse(bytes, Options(comments: true, trailingCommas: true))
            Duplicates.note(in: root, path: .top, list)
            scenario = read(root, list)
        } catch {
            list.add(error.message, hint: syntaxHint(bytes), at: error.offset, path: .top)
            scenario = nil
        }
        let mistakes = list.mistakes(file: fileName, bytes: bytes)
        return (mistakes.isEmpty ? scenario : nil, mistakes)
    }

    /// One entry of `faults`, by itself.
    package static func readFault(_ bytes: [UInt8], fileName: String) -> (FaultEntry?, [Mistake]) {
        let list = MistakeList()
        var entry: FaultEntry?
        do throws(SyntaxError) {
            let root = try Node.parse(bytes, Options(comments: true, trailingCommas: true))
            Duplicates.note(in: root, path: .top, list)
            if var fields = FieldReader(root, path: .top, list) { entry = FaultReader.read(&fields) }
        } catch {
            list.add(error.message, at: error.offset, path: .top)
        }
        let mistakes = list.mistakes(file: fileName, bytes: bytes)
        return (mistakes.isEmpty ? entry : nil, mistakes)
    }

    /// The entries of `faults`, whatever is wrong elsewhere in the file; nil for one that cannot be read itself.
    package static func readFaults(_ bytes: [UInt8]) -> [FaultEntry?] {
        let root = try? Node.parse(bytes, Options(comments: true, trailingCommas: true))
        return (root?["faults"]?.array ?? []).map { node in
            let list = MistakeList()
            guard var fields = FieldReader(node, path: .top, list) else { return nil }
            let entry = FaultReader.read(&fields)
            return list.isEmpty ? entry : nil
        }
    }

    private static func syntaxHint(_ bytes: [UInt8]) -> String? {
        bytes.starts(with: "SQLite format 3".utf8) ? "this is a library; its name should end in .sqlite" : nil
    }

    private static func read(_ root: Node, _ list: MistakeList) -> Scenario? {
        guard var fields = FieldReader(root, path: .top, list), isReadable(&fields) else { return nil }
        var scenario = Scenario()
        scenario.agents = fields.list("agents", AgentReader.read) ?? []
        scenario.credentials = fields.list("credentials", CredentialReader.read) ?? []
        scenario.users = fields.list("users", UserReader.read) ?? []
        scenario.rules = fields.list("rules", RuleReader.read) ?? []
        scenario.faults = fields.list("faults", FaultReader.read) ?? []
        fields.finish()
        Twins.note("agents", "arn", "two agents are called", fields)
        Twins.note("credentials", "accessKeyId", "two credentials have the id", fields)
        Twins.note("users", "username", and: "clientId", "two users are called", fields)
        Twins.note("rules", "name", "two rules are called", fields)
        Twins.note("faults", "name", "two faults are called", fields)
        return scenario
    }

    /// False when reading on would only produce mistakes about things that this version does not know.
    private static func isReadable(_ fields: inout FieldReader) -> Bool {
        guard let node = fields.field("understudy") else {
            fields.refuse(
                "\"understudy\" is missing", hint: "a scenario file begins with {\"understudy\": \(version), …")
            return true
        }
        guard case .number(let literal) = node.content, let number = Int(literal), number >= 1 else {
            fields.refuse("understudy", "expected the version \(version), found \(Excerpt.of(node.value))")
            return true
        }
        if number <= version { return true }
        fields.refuse(
            "understudy",
            "the file was written for a newer Understudy: its version is \(number), this one reads \(version)",
            hint: "update Understudy, or export the file with the older one")
        return false
    }
}

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
