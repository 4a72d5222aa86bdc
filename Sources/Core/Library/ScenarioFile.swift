import Bytes
import Fields
import JSON
import Recording
import Rules

/// Words that a scenario may use and that other catalogues know: whoever reads a scenario brings them along.
package struct Vocabulary: Sendable {
    /// Operations of the service, also those that are not offered yet.
    package var operations: [String]
    package var faults: [String]
    /// Notes what is wrong with an entry's `on`.
    package var readOn: @Sendable (inout FieldReader) -> Void
    /// Notes why a fault cannot be armed whose entry reads well. The fields are the entry's.
    package var readFault: @Sendable (FaultEntry, inout FieldReader) -> Void

    package init(
        operations: [String], faults: [String], readOn: @escaping @Sendable (inout FieldReader) -> Void,
        readFault: @escaping @Sendable (FaultEntry, inout FieldReader) -> Void
    ) {
        self.operations = operations
        self.faults = faults
        self.readOn = readOn
        self.readFault = readFault
    }
}

/// A scenario as text: contract section 3.
package enum ScenarioFile {
    /// The version that this Understudy reads and writes.
    package static let version = 1

    /// The scenario, or every mistake that keeps it from being one. What `file` replies name is not read here: see
    /// `Scenario.fileNames`.
    /// `isPart` reads what joins a scenario that is there: it need not say its version.
    /// `fileProblem` says why a file that a reply names cannot be had.
    package static func read(
        _ bytes: [UInt8], fileName: String, _ words: Vocabulary, isPart: Bool = false,
        fileProblem: (String) -> String? = { _ in nil }
    ) -> (Scenario?, [Mistake]) {
        read(bytes, fileName, hint: syntaxHint(bytes)) { root, list in
            scenario(root, list, words, isPart, fileProblem)
        }
    }

    /// One entry of `faults`, by itself.
    package static func readFault(
        _ bytes: [UInt8], fileName: String, _ words: Vocabulary
    ) -> (FaultEntry?, [Mistake]) {
        read(bytes, fileName, hint: nil) { root, list in
            guard var fields = FieldReader(root, path: .top, list) else { return nil }
            return FaultReader.read(&fields, words)
        }
    }

    private static func read<Item>(
        _ bytes: [UInt8], _ fileName: String, hint: String?, _ item: (Node, MistakeList) -> Item?
    ) -> (Item?, [Mistake]) {
        let list = MistakeList()
        var found: Item?
        do throws(SyntaxError) {
            let root = try Node.parse(bytes, Options(comments: true, trailingCommas: true))
            Duplicates.note(in: root, path: .top, list)
            found = item(root, list)
        } catch {
            list.add(error.message, hint: hint, at: error.offset, path: .top)
        }
        let mistakes = list.mistakes(file: fileName, bytes: bytes)
        return (mistakes.isEmpty ? found : nil, mistakes)
    }

    private static func syntaxHint(_ bytes: [UInt8]) -> String? {
        bytes.starts(with: "SQLite format 3".utf8) ? "this is a library; its name should end in .sqlite" : nil
    }

    private static func scenario(
        _ root: Node, _ list: MistakeList, _ words: Vocabulary, _ isPart: Bool, _ fileProblem: (String) -> String?
    ) -> Scenario? {
        guard var fields = FieldReader(root, path: .top, list) else { return nil }
        guard isPart && !fields.has("understudy") || isReadable(&fields) else { return nil }
        let scenario = content(&fields, words, fileProblem)
        fields.finish()
        fields.refuseSameNames(in: "agents", by: "arn", "two agents are called")
        fields.refuseSameNames(in: "credentials", by: "accessKeyId", "two credentials have the id")
        fields.refuseSameNames(in: "users", by: "username", and: "clientId", "two users are called")
        fields.refuseSameNames(in: "rules", by: "name", "two rules are called")
        fields.refuseSameNames(in: "faults", by: "name", "two faults are called")
        fields.refuseSameNames(in: "recordings", by: "name", "two recordings are called")
        return scenario
    }

    private static func content(
        _ fields: inout FieldReader, _ words: Vocabulary, _ fileProblem: (String) -> String? = { _ in nil }
    ) -> Scenario {
        // For editors, and nobody else.
        _ = fields.text("$schema")
        var scenario = Scenario()
        scenario.agents = fields.list("agents", AgentReader.read) ?? []
        scenario.credentials = fields.list("credentials", CredentialReader.read) ?? []
        scenario.users = fields.list("users", UserReader.read) ?? []
        scenario.parameters = ParametersReader.read(&fields)
        scenario.rules =
            fields.list("rules") { rule in
                let read = RuleReader.read(&rule, operation: .name(among: words.operations))
                if let problem = read?.reply.kind.fileName.flatMap(fileProblem) {
                    rule.refuse("reply", FileReply.word, problem)
                }
                return read
            } ?? []
        scenario.faults = fields.list("faults") { FaultReader.read(&$0, words) } ?? []
        scenario.recordings = fields.list("recordings", RecordedRun.read) ?? []
        scenario.recorded = fields.list("recorded", RecordedCallReader.read) ?? []
        scenario.replay = fields.object("replay", ReplaySettings.read) ?? ReplaySettings()
        return scenario
    }

    /// What `read` takes, noted in the reader's outline.
    static func outline(_ fields: inout FieldReader, _ words: Vocabulary) {
        fields.note("understudy", .integer(version...version))
        _ = fields.required("understudy")
        _ = content(&fields, words)
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
        .object(sections(of: scenario).map { .init($0.name, $0.value) })
    }

    /// A member of a scenario's text, which may be long: of a list its elements can be told one at a time.
    package struct Section {
        package enum Content {
            case value(Value)
            case list(count: Int, (Int) -> Value)
        }

        package let name: String
        package let content: Content

        fileprivate init(_ name: String, _ value: Value) { (self.name, content) = (name, .value(value)) }

        /// Nil for a list that is empty, which is left out.
        fileprivate init?<Item>(_ name: String, _ items: [Item], _ written: @escaping (Item) -> Value) {
            guard !items.isEmpty else { return nil }
            (self.name, content) = (name, .list(count: items.count) { written(items[$0]) })
        }

        fileprivate var value: Value {
            switch content {
            case .value(let value): value
            case .list(let count, let element): .array((0..<count).map(element))
            }
        }
    }

    /// In their order.
    package static func sections(of scenario: Scenario) -> [Section] {
        var parameters = FieldWriter()
        parameters.add(scenario.parameters)
        let sections: [Section?] = [
            Section("understudy", Value(version)),
            Section("agents", scenario.agents, \.written),
            Section("credentials", scenario.credentials, \.written),
            Section("users", scenario.users, \.written),
            parameters.members.first.map { Section($0.name, $0.value) },
            Section("rules", scenario.rules, \.written),
            Section("faults", scenario.faults, \.written),
            Section("recordings", scenario.recordings, \.written),
            scenario.replay.isEmpty ? nil : Section("replay", scenario.replay.written),
            Section("recorded", scenario.recorded, \.written),
        ]
        return sections.compactMap { $0 }
    }

    /// Every mistake of a scenario that did not come from a file, by its path: what `read` would say of its text. Recorded
    /// calls are left out: their rows are read as strictly as a file, and may be many megabytes.
    package static func mistakes(in scenario: Scenario, name: String, _ words: Vocabulary)
        -> [Mistake]
    {
        var scenario = scenario
        scenario.recorded = []
        return read(write(scenario), fileName: name, words).1
    }
}
