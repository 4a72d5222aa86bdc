import Bytes
import Fields
import JSON
import Rules

/// The service's `customJWTAuthorizer`.
package struct JWTAuthorizer: Equatable, Sendable {
    package var discoveryUrl: String
    package var allowedAudience: [String]?
    package var allowedClients: [String]?
    package var allowedScopes: [String]?
    package var advertisedScopeMapping: [JSON.Value.Member]?
    package var customClaims: [CustomClaim]?

    package init(discoveryUrl: String) { self.discoveryUrl = discoveryUrl }
}

/// One entry of `customClaims`, spelled in files as the service's model spells it.
package struct CustomClaim: Equatable, Sendable {
    package enum ValueType: String, Sendable, CaseIterable {
        case string = "STRING"
        case stringArray = "STRING_ARRAY"
    }
    package enum Operator: String, Sendable, CaseIterable {
        case equals = "EQUALS"
        case contains = "CONTAINS"
        case containsAny = "CONTAINS_ANY"
    }
    package enum Match: Equatable, Sendable {
        case string(String)
        case list([String])
    }

    package var name: String
    package var valueType: ValueType
    package var `operator`: Operator
    package var match: Match

    package init(name: String, valueType: ValueType, operator: Operator, match: Match) {
        self.name = name
        self.valueType = valueType
        self.operator = `operator`
        self.match = match
    }
}

/// The service's `customJWTAuthorizer`, with the control plane's own limits (wire reference 3.2 and 3.3).
package enum AuthorizerReader {
    package static func read(_ fields: inout FieldReader) -> JWTAuthorizer? {
        let url = fields.requiredText("discoveryUrl", discoveryURL)
        var authorizer = JWTAuthorizer(discoveryUrl: url ?? "")
        authorizer.allowedAudience = fields.texts("allowedAudience", atLeast: 1, .notEmpty)
        authorizer.allowedClients = fields.texts("allowedClients", atLeast: 1, .notEmpty)
        authorizer.allowedScopes = fields.texts("allowedScopes", atLeast: 1, scope)
        authorizer.advertisedScopeMapping = scopeMapping(&fields)
        authorizer.customClaims = fields.list("customClaims", claim)
        let configured = ["allowedAudience", "allowedClients", "allowedScopes", "customClaims"]
        if !configured.contains(where: fields.has) {
            fields.refuse(
                "an authorizer needs at least one of \(configured.joined(separator: ", "))",
                hint: "all that are configured must hold for a token")
        }
        for name in ignored { _ = fields.field(name) }
        return url == nil ? nil : authorizer
    }

    /// Parts of the service's model that mean nothing on one machine: allowed to stand there, and dropped.
    private static let ignored = [
        "privateEndpoint", "privateEndpointOverrides", "certificateConfigurations", "allowedWorkloadConfiguration",
    ]

    /// `[^\s?#]+/\.well-known/(openid-configuration|oauth-authorization-server)(/[^\s?#]+)?`, over http or https.
    private static let discoveryURL = TextCheck(
        { "\(TextCheck.quoted($0)) is not the address of a discovery document" },
        hint: "such an address ends in /.well-known/openid-configuration"
    ) { text in
        let pattern = #"^https?://[^\s?#/]+[^\s?#]*/\.well-known/(openid-configuration|oauth-authorization-server)"#
        return (try? RegularExpression(pattern + #"(/[^\s?#]+)?$"#).matches(text)) ?? false
    }

    /// 1 to 255 of `[\x21\x23-\x5B\x5D-\x7E]`.
    private static let scope = TextCheck(
        { "\(TextCheck.quoted($0)) cannot be a scope" }, hint: "1 to 255 visible ASCII characters without \" and \\"
    ) { text in
        (1...255).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
    }

    private static func scopeMapping(_ fields: inout FieldReader) -> [Value.Member]? {
        guard let node = fields.field("advertisedScopeMapping") else { return nil }
        guard let members = node.members else {
            fields.refuseKind("advertisedScopeMapping", node, expected: "an object")
            return nil
        }
        if members.count > 50 { fields.refuse("advertisedScopeMapping", "has more than 50 scopes") }
        for member in members {
            let place = fields.path.appending("advertisedScopeMapping").appending(member.name)
            if let problem = mappingProblem(member) {
                fields.mistakes.add(problem.message, hint: problem.hint, at: member.node.offset, path: place)
            }
        }
        return members.map { Value.Member($0.name, $0.node.value) }
    }

    private static func mappingProblem(_ member: Node.Member) -> TextCheck.Problem? {
        guard let text = member.node.text else {
            return TextCheck.Problem(message: "expected a string, found \(member.node.kind)")
        }
        return scope.problem(member.name) ?? scope.problem(text)
    }

    private static func claim(_ fields: inout FieldReader) -> CustomClaim? {
        let name = fields.requiredText("inboundTokenClaimName", claimName)
        _ = fields.required("inboundTokenClaimValueType")
        let type = fields.choice("inboundTokenClaimValueType", of: CustomClaim.ValueType.self)
        guard fields.required("authorizingClaimMatchValue") != nil else { return nil }
        let rule = fields.object("authorizingClaimMatchValue") { fields -> (CustomClaim.Operator, CustomClaim.Match)? in
            _ = fields.required("claimMatchOperator")
            let comparison = fields.choice("claimMatchOperator", of: CustomClaim.Operator.self)
            _ = fields.required("claimMatchValue")
            let match = fields.object("claimMatchValue", match)
            guard let comparison, let match else { return nil }
            check(type, comparison, match, fields)
            return (comparison, match)
        }
        guard let name, let type, let rule else { return nil }
        return CustomClaim(name: name, valueType: type, operator: rule.0, match: rule.1)
    }

    private static func match(_ fields: inout FieldReader) -> CustomClaim.Match? {
        let text = fields.text("matchValueString", claimValue)
        let list = fields.texts("matchValueStringList", atLeast: 1, claimValue)
        if fields.has("matchValueString") == fields.has("matchValueStringList") {
            fields.refuse("expected one of matchValueString and matchValueStringList")
        }
        return text.map(CustomClaim.Match.string) ?? list.map(CustomClaim.Match.list)
    }

    /// "STRING ⇒ EQUALS only; STRING_ARRAY ⇒ CONTAINS or CONTAINS_ANY".
    private static func check(
        _ type: CustomClaim.ValueType?, _ comparison: CustomClaim.Operator, _ match: CustomClaim.Match,
        _ fields: FieldReader
    ) {
        if type == .string, comparison != .equals {
            fields.refuse("claimMatchOperator", "a claim of type STRING takes EQUALS only")
        } else if type == .stringArray, comparison == .equals {
            fields.refuse("claimMatchOperator", "a claim of type STRING_ARRAY takes CONTAINS or CONTAINS_ANY")
        } else if case .list = match, comparison != .containsAny {
            fields.refuse("claimMatchValue", "\(comparison.rawValue) takes matchValueString")
        } else if case .string = match, comparison == .containsAny {
            fields.refuse("claimMatchValue", "CONTAINS_ANY takes matchValueStringList")
        }
    }

    /// `[A-Za-z0-9_.-:]+` as the service's model has it: `.-:` is a range, from `.` over the digits to `:`.
    private static let claimName = TextCheck { text in
        // The service's own words.
        if text == "scp" {
            return TextCheck.Problem(
                message: "Custom claim name can't be 'scp'. Please configure claims in the allowed_scopes field")
        }
        let isName =
            (1...255).contains(text.utf8.count)
            && text.utf8.allSatisfy { ASCII.isLetter($0) || (0x2E...0x3A).contains($0) || $0 == UInt8(ascii: "_") }
        if isName { return nil }
        return TextCheck.Problem(
            message: "\(TextCheck.quoted(text)) cannot be the name of a custom claim",
            hint: "1 to 255 letters, digits and _ . / :")
    }

    private static let claimValue = TextCheck(
        { "\(TextCheck.quoted($0)) cannot be the value of a custom claim" }, hint: "1 to 255 letters, digits and _ . -"
    ) { text in
        (1...255).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
                    || $0 == UInt8(ascii: "-")
            }
    }
}

extension JWTAuthorizer {
    package var written: Value {
        var fields = FieldWriter()
        fields.add("discoveryUrl", discoveryUrl)
        fields.add("allowedAudience", allowedAudience)
        fields.add("allowedClients", allowedClients)
        fields.add("allowedScopes", allowedScopes)
        fields.add("advertisedScopeMapping", advertisedScopeMapping.map(Value.object))
        fields.add("customClaims", customClaims.map { .array($0.map(\.written)) })
        return fields.object
    }
}

extension CustomClaim {
    fileprivate var written: Value {
        var wanted = FieldWriter()
        switch match {
        case .string(let text): wanted.add("matchValueString", text)
        case .list(let texts): wanted.add("matchValueStringList", texts)
        }
        var rule = FieldWriter()
        rule.add("claimMatchValue", wanted.object)
        rule.add("claimMatchOperator", self.operator.rawValue)
        var fields = FieldWriter()
        fields.add("inboundTokenClaimName", name)
        fields.add("inboundTokenClaimValueType", valueType.rawValue)
        fields.add("authorizingClaimMatchValue", rule.object)
        return fields.object
    }
}
