import Bytes
import Crypto
import JSON
import Library
import Runtime

// Rules.  The library's parameters, and each agent's ARN under `/understudy/agents/{id up to its last hyphen}/arn` where the
//         library does not say something else of that name. Of two agents whose names differ in what the service adds
//         alone, the first has it.
// Theory. A parameter may be named by its ARN, and with `:VERSION` behind its name. Nothing here is ever changed, so every
//         parameter is in its first version.

/// Parameter Store, as one caller sees it.
struct ParameterStore {
    struct Entry {
        var parameter: Parameter
        /// `:1`, where the caller asked so.
        var selector: String?
    }

    enum Finding {
        case found(Entry)
        case noSuchVersion
        case nothing
    }

    private let parameters: [Parameter]
    private let region: String
    private let account: String

    init(_ call: borrowing NeighbourCall) {
        region = call.region
        account = call.world.account
        parameters = call.world.parameters + Self.agents(call.world, region: call.region)
    }

    private static func agents(_ world: NeighbourWorld, region: String) -> [Parameter] {
        var seen = Set(world.parameters.map(\.name))
        return world.agentARNs(region: region).compactMap { arn in
            let name = arn.id.lastIndex(of: "-").map { arn.id[..<$0] } ?? arn.id[...]
            let parameter = Parameter(name: "/understudy/agents/\(name)/arn", value: arn.text)
            return seen.insert(parameter.name).inserted ? parameter : nil
        }
    }

    // MARK: Finding

    func find(_ asked: String) -> Finding {
        let isARN = asked.hasPrefix("arn:")
        var name = asked[...]
        if isARN {
            // `arn:aws:ssm:REGION:ACCOUNT:parameter/NAME`
            let last = asked.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).last ?? ""
            guard last.hasPrefix("parameter/") else { return .nothing }
            name = last.dropFirst("parameter/".count)
        }
        let parts = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first,
            let parameter = parameters.first(where: { Self.isSame($0.name, first, inARN: isARN) })
        else { return .nothing }
        guard parts.count > 1 else { return .found(Entry(parameter: parameter)) }
        return parts[1] == "1" ? .found(Entry(parameter: parameter, selector: ":1")) : .noSuchVersion
    }

    /// In an ARN the first slash of `/a/b` is that of `parameter/`.
    private static func isSame(_ name: String, _ asked: Substring, inARN: Bool) -> Bool {
        name[...] == asked || inARN && name.hasPrefix("/") && name.dropFirst() == asked
    }

    /// Those of the hierarchy below a path, in the order of their names.
    func below(_ path: String, isRecursive: Bool) -> [Entry] {
        let path = path.hasSuffix("/") ? path : path + "/"
        return parameters.filter { parameter in
            let name = parameter.name.hasPrefix("/") ? parameter.name : "/" + parameter.name
            return name.hasPrefix(path) && (isRecursive || !name.dropFirst(path.count).contains("/"))
        }.sorted { $0.name < $1.name }.map { Entry(parameter: $0) }
    }

    func why(notFound name: String) -> String {
        guard !parameters.isEmpty else {
            return "there are no parameters: write them into \"parameters\" of the scenario"
        }
        let names = parameters.prefix(5).map(\.name).joined(separator: ", ")
        return "no parameter is called \(AskedService.shown(name)); there are \(names)"
            + (parameters.count > 5 ? " and \(parameters.count - 5) more" : "")
    }

    static let nameRules = """
        The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash \
        "/". It can't be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the \
        following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if \
        specified, must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.
        """

    // MARK: Telling

    func result(_ entries: [Entry], _ decrypts: Bool, _ whole: ([Value]) -> Value) -> NeighbourResult {
        let told = whole(entries.map { value(of: $0, text: decrypts ? $0.parameter.value : Self.hidden($0.parameter)) })
        guard decrypts, entries.contains(where: { $0.parameter.kind == .secure }) else { return .told(told) }
        let mask = "\(SecretName.mask)"
        return .secret(
            told,
            shown: whole(
                entries.map { value(of: $0, text: $0.parameter.kind == .secure ? mask : $0.parameter.value) }))
    }

    /// What is told of a secure one without decryption looks like what KMS makes, and is nothing to decrypt.
    private static func hidden(_ parameter: Parameter) -> String {
        guard parameter.kind == .secure else { return parameter.value }
        let digest = SHA256.hash(Array("\(parameter.name)\n\(parameter.value)".utf8))
        return "AQICAH" + Base64.standard.encode(digest)
    }

    private func value(of entry: Entry, text: String) -> Value {
        let parameter = entry.parameter
        let slash = parameter.name.hasPrefix("/") ? "" : "/"
        var members: [Value.Member] = [
            .init("Name", .string(parameter.name)), .init("Type", .string(parameter.kind.rawValue)),
            .init("Value", .string(text)), .init("Version", 1),
            // A library does not say when it was written.
            .init("LastModifiedDate", .number("1767225600.0")),
            .init("ARN", .string("arn:aws:ssm:\(region):\(account):parameter\(slash)\(parameter.name)")),
            .init("DataType", "text"),
        ]
        if let selector = entry.selector { members.insert(.init("Selector", .string(selector)), at: 3) }
        return .object(members)
    }
}

/// `ParameterFilters` of GetParametersByPath: "The following Key values are supported […]: Type, KeyId, and Label".
struct ParameterFilters {
    private var kinds: [String]?
    private var isNobody = false

    init(_ value: Value?) throws(NeighbourError) {
        for filter in value?.array ?? [] {
            let values = (filter["Values"]?.array ?? []).compactMap(\.text)
            if let option = filter["Option"]?.text, option != "Equals" {
                throw NeighbourError("InvalidFilterOption", "The following filter option is not valid: \(option).")
            }
            switch filter["Key"]?.text {
            case "Type": kinds = values
            // Nothing here has a label, nor a key of its own.
            case "Label", "KeyId": isNobody = true
            default: throw NeighbourError("InvalidFilterKey", "The specified key isn't valid.")
            }
        }
    }

    func admit(_ parameter: Parameter) -> Bool {
        !isNobody && kinds.map { $0.contains(parameter.kind.rawValue) } != false
    }
}
