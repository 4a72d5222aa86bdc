import JSON

/// Systems Manager's Parameter Store: where is my agent?
extension Neighbour {
    static let ssm = Neighbour(
        service: "ssm", window: 300, wire: .json(target: "AmazonSSM"),
        operations: [
            Operation("GetParameter", on: named, one),
            Operation("GetParameters", some),
            Operation("GetParametersByPath", on: below, children),
        ])

    @Sendable private static func named(_ input: Value) -> String { resource(input["Name"]) }
    @Sendable private static func below(_ input: Value) -> String { resource(input["Path"]) }

    private static func resource(_ name: Value?) -> String {
        let name = name?.text ?? "*"
        return "parameter" + (name.hasPrefix("/") ? name : "/" + name)
    }

    private static func one(_ call: borrowing NeighbourCall) throws(NeighbourError) -> NeighbourResult {
        var fields = InputReader(call.input, "ValidationException")
        let name = try fields.requiredText("Name")
        let decrypts = try fields.bool("WithDecryption") ?? false
        try fields.finish()
        let store = ParameterStore(call)
        switch store.find(name) {
        case .found(let parameter):
            return store.result([parameter], decrypts) { ["Parameter": $0[0]] }
        case .noSuchVersion:
            throw NeighbourError(
                "ParameterVersionNotFound",
                "Systems Manager could not find version \(name.split(separator: ":").last ?? "") of "
                    + "\(name.split(separator: ":").first ?? ""). Verify the version and try again.")
        case .nothing:
            throw NeighbourError("ParameterNotFound", why: store.why(notFound: name))
        }
    }

    private static func some(_ call: borrowing NeighbourCall) throws(NeighbourError) -> NeighbourResult {
        var fields = InputReader(call.input, "ValidationException")
        let names = try fields.requiredTexts("Names", count: 1...10)
        let decrypts = try fields.bool("WithDecryption") ?? false
        try fields.finish()
        let store = ParameterStore(call)
        var found: [ParameterStore.Entry] = []
        var invalid: [Value] = []
        for name in names {
            if case .found(let parameter) = store.find(name) {
                found.append(parameter)
            } else {
                invalid.append(.string(name))
            }
        }
        return store.result(found, decrypts) { ["Parameters": .array($0), "InvalidParameters": .array(invalid)] }
    }

    private static func children(_ call: borrowing NeighbourCall) throws(NeighbourError) -> NeighbourResult {
        var fields = InputReader(call.input, "ValidationException")
        let path = try fields.requiredText("Path")
        let isRecursive = try fields.bool("Recursive") ?? false
        let decrypts = try fields.bool("WithDecryption") ?? false
        let most = try fields.integer("MaxResults", 1...10) ?? 10
        let token = try fields.text("NextToken")
        try fields.finish()
        guard path.hasPrefix("/") else { throw NeighbourError("ValidationException", ParameterStore.nameRules) }
        let kinds = try ParameterFilters(call.input["ParameterFilters"])
        let store = ParameterStore(call)
        let below = store.below(path, isRecursive: isRecursive).filter { kinds.admit($0.parameter) }
        let page = try Page(below, token: token, most: most, scope: path, key: \.parameter.name) {
            NeighbourError("InvalidNextToken", "The specified token is not valid.")
        }
        return store.result(page.items, decrypts) { told in
            var members: [Value.Member] = [.init("Parameters", .array(told))]
            if let next = page.next { members.append(.init("NextToken", .string(next))) }
            return .object(members)
        }
    }
}
