import JSON
import Journal

// Rules.  "OpenAPI Specification", 3.1.0. Which calls there are is asked of the control table; what each is for, and what it
//         takes beside its path, is written here. A call that nothing is written of is told all the same.
// Theory. A space's part of the API is the same below another address, so that is a server of its own.

/// The control API as a document that programs read.
enum OpenAPIDocument {
    /// What the table does not say of a call.
    struct Telling {
        var summary: String
        /// Parameters of the query.
        var query: [String] = []
        /// What the body is, where there is one.
        var body: String?
        var status = 200
        var answer = "application/json"
    }

    static func value(of calls: [ControlCall], version: String) -> Value {
        [
            "openapi": "3.1.0",
            "info": [
                "title": "Understudy's control API", "version": .string(version),
                "description": "Steers a running server, and asks it what happened.",
            ],
            "servers": [
                ["url": "/_understudy", "description": "The usual space."],
                [
                    "url": "/_space/{space}/_understudy", "description": "One space.",
                    "variables": ["space": ["default": "default"]],
                ],
            ],
            "paths": paths(of: calls),
            "components": [
                "securitySchemes": ["token": ["type": "http", "scheme": "bearer"]],
                "schemas": [
                    "Error": [
                        "type": "object", "required": ["error"],
                        "properties": ["error": ["type": "string"]],
                    ]
                ],
            ],
            // Where only this machine can come in, nobody is asked for one.
            "security": [[:], ["token": []]],
        ]
    }

    private static func paths(of calls: [ControlCall]) -> Value {
        var paths: [Value.Member] = []
        for call in calls {
            let path = "/" + call.path
            let member = Value.Member("\(call.method)".lowercased(), operation(call))
            if let place = paths.firstIndex(where: { $0.name == path }) {
                paths[place].value = .object((paths[place].value.members ?? []) + [member])
            } else {
                paths.append(.init(path, .object([member])))
            }
        }
        return .object(paths)
    }

    private static func operation(_ call: ControlCall) -> Value {
        let name = "\(call.method) \(call.path)"
        let told = tellings[name] ?? Telling(summary: name)
        var members: [Value.Member] = [
            .init("summary", .string(told.summary)), .init("operationId", .string(identifier(name))),
            .init("tags", [.string(String(call.path.split(separator: "/").first ?? ""))]),
        ]
        let parameters =
            call.path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
                parameter(String($0.dropFirst().dropLast()), isInPath: true)
            }
            + told.query.map { parameter($0, isInPath: false) }
        if !parameters.isEmpty { members.append(.init("parameters", .array(parameters))) }
        if let body = told.body {
            members.append(
                .init(
                    "requestBody",
                    [
                        "required": true, "description": .string(body),
                        "content": ["application/json": ["schema": [:]]],
                    ]))
        }
        members.append(.init("responses", responses(told)))
        return .object(members)
    }

    /// `GET calls/{number}` is `getCallsNumber`.
    private static func identifier(_ name: String) -> String {
        let words = name.split { !$0.isLetter }
        return (words.first?.lowercased() ?? "")
            + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    private static func parameter(_ name: String, isInPath: Bool) -> Value {
        [
            "name": .string(name), "in": isInPath ? "path" : "query", "required": .bool(isInPath),
            "schema": [
                "type": ["calls", "from", "limit", "number"].contains(name) ? "integer" : "string"
            ],
        ]
    }

    private static func responses(_ told: Telling) -> Value {
        let error: Value = ["application/json": ["schema": ["$ref": "#/components/schemas/Error"]]]
        return .object([
            .init(
                String(told.status),
                [
                    "description": "It is done, or told.",
                    "content": .object([.init(told.answer, ["schema": [:]])]),
                ]),
            .init("default", ["description": "Why it is not done.", "content": error]),
        ])
    }

    // MARK: What each is for

    static let tellings: [String: Telling] = [
        "GET health": Telling(summary: "Whether the server is well, and for how long it runs"),
        "GET scenario": Telling(summary: "The whole scenario"),
        "PUT scenario": Telling(summary: "Another scenario in its place", body: "A scenario."),
        "PATCH scenario": Telling(summary: "More in front of it", body: "A part of a scenario."),
        "DELETE scenario": Telling(summary: "Back to the library"),
        "GET faults": Telling(summary: "The faults that are armed"),
        "POST faults": Telling(
            summary: "Arms a fault", body: "One fault, as in a scenario.", status: 201),
        "DELETE faults": Telling(summary: "Disarms all faults"),
        "GET faults/{name}": Telling(summary: "One fault, and how often it struck"),
        "PATCH faults/{name}": Telling(summary: "Switches a fault", body: #"{"enabled": false}"#),
        "DELETE faults/{name}": Telling(summary: "Disarms one fault"),
        "GET plan": Telling(summary: "The decisions to come", query: ["calls", "from"]),
        "GET calls": Telling(summary: "The calls that match", query: Query.names + ["as"]),
        "DELETE calls": Telling(summary: "Forgets all calls"),
        "GET calls/stream": Telling(
            summary: "The calls as they come", query: Query.names + ["as", "events"],
            answer: "text/event-stream"),
        "GET calls/{number}": Telling(
            summary: "One call; as a rule, or as a command of curl", query: ["as"]),
        "GET agents": Telling(summary: "Who may be called, and who was"),
        "GET sessions": Telling(summary: "The sessions that live", query: ["limit"]),
        "POST await": Telling(
            summary: "Waits until so many calls match",
            body: #"{"match": {…}, "atLeast": 3, "inFlight": 0, "within": "5s"}"#),
        "POST verify": Telling(summary: "Judges the calls", body: "A file of expectations."),
        "GET reports/{kind}": Telling(
            summary: "What happened, drawn: breaker, backoff, refresh or calls", answer: "image/svg+xml"),
        "POST reports/{kind}": Telling(
            summary: "The same against what is declared", body: "A file of expectations.", answer: "image/svg+xml"),
        "GET marks": Telling(summary: "What callers said of calls that they did not make"),
        "POST marks": Telling(
            summary: "A caller wanted to call and did not", body: #"{"agent": …, "by": …, "note": …}"#),
        "GET clock": Telling(summary: "What time it is"),
        "PUT clock": Telling(
            summary: "Moves, sets or freezes the clock",
            body: #"{"advance": "59m"}, {"set": …}, {"freeze": true}, {"speed": 10}"#),
        "POST tokens": Telling(
            summary: "A token of the issuer's", body: #"{"agent": …, "expiresIn": "45s", "claims": {…}}"#),
        "GET spaces": Telling(summary: "The spaces there are"),
        "GET spaces/{name}": Telling(summary: "One of them"),
        "PUT spaces/{name}": Telling(summary: "Makes a space"),
        "DELETE spaces/{name}": Telling(summary: "Removes a space"),
        "GET recordings": Telling(summary: "What is recorded"),
        "POST recordings": Telling(summary: "Begins a recording", body: #"{"name": "a"}"#, status: 201),
        "DELETE recordings/{name}": Telling(summary: "Ends a recording"),
        "GET metrics": Telling(
            summary: "What is counted, for Prometheus", answer: "text/plain; version=0.0.4; charset=utf-8"
        ),
        "GET openapi.json": Telling(summary: "This document"),
        "POST reset": Telling(summary: "Back to the start"),
    ]
}
