import Bytes
import Fields
import JSON

// Rules.  "JSON Schema: A Media Type for Describing JSON Documents", draft 2020-12. What may stand in a scenario is asked of
//         its readers, by an outline; only what it means to a person is written here.
// Theory. A schema cannot say all that the readers check: two rules of one name, a window that is over. What it refuses is
//         refused; what it takes may still be told of by `check`.

/// The schema of scenario files, for editors.
package enum ScenarioSchema {
    /// `words` judge faults as if they were armed now: without a moment they do not tell their parameters.
    package static func value(_ words: Vocabulary) -> Value {
        let outline = Outline()
        var fields = FieldReader(outlining: outline)
        ScenarioFile.outline(&fields, words)
        guard case .object(let members) = object(outline, at: "") else { return .object([]) }
        let head: [Value.Member] = [
            .init("$schema", "https://json-schema.org/draft/2020-12/schema"), .init("title", "Understudy scenario"),
            .init("description", "What Understudy serves: agents, credentials, users, rules, faults."),
        ]
        return .object(head + members)
    }

    private static func object(_ outline: Outline, at path: String) -> Value {
        guard let deciding = outline.variants.first?.name else { return object(outline.fields, at: path) }
        let variants = outline.variants.map { variant -> Value in
            let own = outline.fields.filter { $0.name != deciding && $0.name != Outline.others }
            let inner = variant.outline.fields.filter { field in !outline.fields.contains { $0.name == field.name } }
            return object(own + inner, at: path, deciding: deciding, word: variant.word)
        }
        return .object([.init("type", "object"), .init("oneOf", .array(variants))])
    }

    private static func object(
        _ fields: [Outline.Field], at path: String, deciding: String? = nil, word: String = ""
    ) -> Value {
        let prefix = path.isEmpty ? "" : path + "."
        var properties = fields.filter { $0.name != Outline.others }.map {
            Value.Member($0.name, property($0, at: prefix + $0.name))
        }
        var needed = fields.filter(\.isNeeded).map(\.name)
        if let deciding {
            properties.append(.init(deciding, .object([.init("const", .string(word))])))
            needed.append(deciding)
        }
        var members: [Value.Member] = [.init("type", "object"), .init("properties", .object(properties))]
        if !needed.isEmpty { members.append(.init("required", .array(needed.map(Value.string)))) }
        let others = fields.first { $0.name == Outline.others }
        members.append(.init("additionalProperties", others.map { property($0, at: path + ".*") } ?? false))
        return .object(members)
    }

    private static func property(_ field: Outline.Field, at path: String) -> Value {
        let kinds = field.kinds.map { kind($0, at: path) }
        var members = kinds.count == 1 ? kinds[0].members ?? [] : [.init("anyOf", .array(kinds))]
        if let text = SchemaTexts.of[path] { members.insert(.init("description", .string(text)), at: 0) }
        return .object(members)
    }

    private static func kind(_ kind: Outline.Kind, at path: String) -> Value {
        switch kind {
        case .anything: .object([])
        case .text(let words): text(among: words)
        case .duration: ["type": "string", "pattern": .string(duration), "examples": ["250ms", "1.5s", "15m"]]
        case .integer(let range): integer(range)
        case .share: ["type": "number", "minimum": 0, "maximum": 1]
        case .bool: ["type": "boolean"]
        case .texts(let words): ["type": "array", "items": text(among: words)]
        case .list(let outline): ["type": "array", "items": object(outline, at: path + "[]")]
        case .object(let outline): object(outline, at: path)
        }
    }

    private static let duration = #"^([0-9]+[a-zµ]+)*[0-9]+(\.[0-9]+)?[a-zµ]+$"#

    private static func text(among words: [String]?) -> Value {
        words.map { ["type": "string", "enum": .array($0.map(Value.string))] } ?? ["type": "string"]
    }

    private static func integer(_ range: ClosedRange<Int>) -> Value {
        var members: [Value.Member] = [.init("type", "integer")]
        if range.lowerBound != .min { members.append(.init("minimum", Value(range.lowerBound))) }
        if range.upperBound != .max { members.append(.init("maximum", Value(range.upperBound))) }
        return .object(members)
    }
}

/// What fields mean, for whoever writes them; each by its path.
private enum SchemaTexts {
    static let of: [String: String] = [
        "understudy": "The version of the format: 1.",
        "$schema": "Where this schema lies, for editors. It means nothing to Understudy.",
        "agents": "The agent runtimes that are there.",
        "agents[].arn": "The agent's ARN, its id, a pattern over either, or \"*\" for every agent.",
        "agents[].protocol": "How its calls and errors are shaped; HTTP unless told.",
        "agents[].endpoints": "The qualifiers that it has; DEFAULT unless told.",
        "agents[].auth":
            "Who may call: by signature, by any known means, everybody, or by a token as the authorizer says.",
        "agents[].dialect": "Which of the service's two ways of telling errors it has.",
        "agents[].session": "How long its sessions live, and how long they take to begin.",
        "agents[].session.idleTimeout": "A session ends when so long nothing was asked; 15m unless told.",
        "agents[].session.maxLifetime": "A session ends when it is so old; 8h unless told.",
        "agents[].session.coldStart":
            "How long a new session takes to begin: the same for all, or another time for the first so many.",
        "agents[].session.coldStart.first": "How many sessions take the time that stands in delay.",
        "agents[].session.coldStart.then": "How long every later one takes.",
        "agents[].session.stopTakes": "How long StopRuntimeSession takes; calls of the session meanwhile get 409.",
        "agents[].limits": "The service's quotas and rates; none holds unless it is stated.",
        "agents[].limits.request": "An answer that has not begun by then is 504; the service's limit is 15m.",
        "agents[].limits.stream": "An answer that lasts longer is cut; the service's limit is 60m.",
        "agents[].limits.retryAfter": "What those who come too fast are told: both Retry-After and x-amz-retry-after.",
        "agents[].requestHeaders": "The request headers that are passed on to the agent.",
        "agents[].forward": "The address of a real agent behind this one: \"http://127.0.0.1:8080\".",
        "credentials": "The keys whose signatures are accepted.",
        "credentials[].expires": "A moment as in RFC 3339; afterwards the key is refused as expired.",
        "credentials[].deny": "IAM actions that are refused to this key.",
        "users": "Whom the issuer knows.",
        "parameters": "What Parameter Store (SSM) says, by name; each agent's ARN stands there besides.",
        "parameters.*": "A text, or an object that says of which type it is.",
        "parameters.*.type": "String unless told; a SecureString is told as it is only WithDecryption.",
        "rules": "What is answered when: the first rule that matches answers.",
        "rules[].name": "Stands in the journal; the call's answer is found by it.",
        "rules[].agent": "A pattern over the agent's id or ARN; every agent unless told.",
        "rules[].qualifier": "A pattern over the endpoint's name.",
        "rules[].operation": "The operation, or a pattern over operations.",
        "rules[].when": "All of it has to hold.",
        "rules[].when.payload": "What the request's body has to hold, by path.",
        "rules[].when.payload[].path": "Where in the body: \"$.prompt\".",
        "rules[].when.call": "Which calls of the session: \"1\", \"2-4\", \"5+\", \"every 3\".",
        "rules[].when.state": "The session's state; it begins as \"start\".",
        "rules[].then": "The session's next state.",
        "rules[].reply": "What is answered: one of the kinds, and what all of them take.",
        "rules[].reply.json": "Any JSON; strings may hold templates such as {{payload.prompt}}.",
        "rules[].reply.file": "A file beside the scenario whose bytes are the body.",
        "rules[].reply.stream": "Server-sent events, each at its moment.",
        "rules[].reply.stream.firstAfter": "How long before the first event.",
        "rules[].reply.stream.every": "How long between two events.",
        "rules[].reply.stream.jitter": "By which share these times vary.",
        "rules[].reply.error": "An error of the service, by its name.",
        "rules[].reply.agentError": "The agent's own status; the caller sees what the platform makes of it.",
        "rules[].reply.delay": "How long before the answer begins.",
        "faults": "What goes wrong, when, and for whom.",
        "faults[].on": "When it strikes; all of it has to hold.",
        "faults[].on.calls":
            "Which calls: \"1-2\", \"5+\", \"every 3\"; counted for each agent from when it was armed.",
        "faults[].on.perSession": "Counts each session by itself.",
        "faults[].on.times": "At most so often.",
    ]
}
