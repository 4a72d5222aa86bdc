import JSON
import Journal
import Neighbours
import Runtime
import Testing
import Time

@Suite("Neighbours on the agents' port") struct NeighbourStageTests {
    private static let scenario = #"""
        {"understudy": 1,
         "agents": [{"arn": "arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/hosted_agent-Ab12Cd34Ef"},
                    {"arn": "arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/hosted_agent-Zz99Zz99Zz"}],
         "credentials": [{"accessKeyId": "test", "secretAccessKey": "test"},
                         {"accessKeyId": "ASIA1", "secretAccessKey": "s", "sessionToken": "t"},
                         {"accessKeyId": "DENIED", "secretAccessKey": "s", "deny": ["ssm:GetParameter", "sts:*"]}],
         "parameters": {"/shop/url": "http://here", "/shop/key": {"type": "SecureString", "value": "hush-hush"},
                        "/shop/deep/a": "1", "/shop/deep/b": {"type": "StringList", "value": "1,2"}, "plain": "p"}}
        """#

    private let stage: Stage
    init() throws { stage = try Stage(Self.scenario, checksAccess: true) }

    private func sts(
        _ body: String = "Action=GetCallerIdentity&Version=2011-06-15", key: String = "test", secret: String = "test",
        token: String? = nil, signedFor scope: String? = nil, at moment: Instant? = nil
    ) throws -> Stage.Reply {
        try stage.ask(
            "sts", "POST", "/", [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")], body, key: key,
            secret: secret, token: token, signedFor: scope, at: moment)
    }

    private func ssm(
        _ operation: String, _ body: String, key: String = "test", secret: String = "test",
        signedFor scope: String? = nil
    ) throws -> Stage.Reply {
        try stage.ask(
            "ssm", "POST", "/", [("X-Amz-Target", "AmazonSSM.\(operation)")], body, key: key, secret: secret,
            signedFor: scope)
    }

    // MARK: STS

    @Test("a caller is told the account of the first agent, and its key as a user")
    func identity() throws {
        let reply = try sts()
        #expect(reply.status == 200)
        #expect(reply.field("Content-Type") == "text/xml")
        #expect(
            reply.body.contains("<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"))
        #expect(reply.body.contains("<Arn>arn:aws:iam::123456789012:user/test</Arn>"))
        #expect(reply.body.contains("<RequestId>\(reply.field("x-amzn-RequestId") ?? "none")</RequestId>"))
        #expect(reply.call.operation == "GetCallerIdentity" && reply.call.principal == "test")
        #expect(reply.call.auth?.verdict == .allowed && reply.call.agent == nil)
    }

    @Test("a key with a session token is a role's")
    func temporary() throws {
        let body = try sts(key: "ASIA1", secret: "s", token: "t").body
        #expect(body.contains("<Arn>arn:aws:sts::123456789012:assumed-role/understudy/ASIA1</Arn>"))
    }

    @Test(
        "a caller that STS does not know is told so in its words",
        arguments: [
            ("NOBODY", "x", 403, "InvalidClientTokenId"), ("test", "wrong", 403, "SignatureDoesNotMatch"),
            ("DENIED", "s", 403, "AccessDenied"),
        ])
    func strangers(key: String, secret: String, status: Int, code: String) throws {
        let reply = try sts(key: key, secret: secret)
        #expect(reply.status == status)
        #expect(reply.body.contains("<Type>Sender</Type>\n    <Code>\(code)</Code>"), "\(reply.body)")
        #expect(reply.call.auth?.verdict == .refused)
    }

    @Test("what is missing of a signature is 400 at STS, in its words")
    func incomplete() throws {
        let form = [("Content-Type", "application/x-www-form-urlencoded")]
        for (scheme, told) in [("AWS4-HMAC-SHA256", "requires existence of"), ("AWS4-HMAC-SHA512", "Unsupported AWS")] {
            let header =
                "\(scheme) Credential=test/20260115/eu-west-1/sts/aws4_request, SignedHeaders=host, Signature=0f"
            let reply = try stage.call(
                "POST", "/", form + [("Authorization", header)], "Action=GetCallerIdentity&Version=2011-06-15")
            #expect(reply.status == 400 && reply.body.contains("<Code>IncompleteSignature</Code>"), "\(reply.body)")
            #expect(reply.body.contains(told) && !reply.body.contains("Credential="), "\(reply.body)")
        }
        let unsigned = try stage.call("POST", "/", form, "Action=GetCallerIdentity&Version=2011-06-15")
        #expect(unsigned.body.contains("<Message>Request is missing Authentication Token</Message>"))
    }

    @Test("STS allows a signature fifteen minutes, Parameter Store five")
    func windows() throws {
        let early = stage.now - .seconds(600)
        #expect(try sts(at: early).status == 200)
        let late = try stage.ask(
            "ssm", "POST", "/", [("X-Amz-Target", "AmazonSSM.GetParameter")], #"{"Name":"plain"}"#, at: early)
        #expect(late.json?["__type"]?.text == "InvalidSignatureException")
        #expect(try sts(at: stage.now - .seconds(1_000)).body.contains("15 min."))
    }

    @Test("an operation that is not here, and a caller without a signature, get STS's own errors")
    func others() throws {
        #expect(try sts("Action=AssumeRole&Version=2011-06-15").body.contains("<Code>InvalidAction</Code>"))
        let form = [("Content-Type", "application/x-www-form-urlencoded")]
        let unsigned = try stage.call("POST", "/", form, "Action=GetCallerIdentity&Version=2011-06-15")
        #expect(unsigned.status == 403 && unsigned.body.contains("<Code>MissingAuthenticationToken</Code>"))
    }

    @Test("a name that XML could not hold comes back escaped")
    func escaped() throws {
        let body = try sts("Action=%3Cb%3E%26%22%01&Version=2011-06-15").body
        #expect(body.contains("Could not find operation &lt;b&gt;&amp;&quot;? here"))
    }

    // MARK: SSM

    @Test("a parameter is told by its name, its ARN and its version")
    func parameter() throws {
        let reply = try ssm("GetParameter", #"{"Name":"/shop/url"}"#)
        let told = reply.json?["Parameter"]
        #expect(reply.status == 200 && reply.field("Content-Type") == "application/x-amz-json-1.1")
        #expect(told?["Value"]?.text == "http://here" && told?["Type"]?.text == "String")
        let arn = "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/url"
        #expect(told?["ARN"]?.text == arn && told?["Version"]?.integer == 1)
        for name in [arn, "/shop/url:1"] {
            #expect(
                try ssm("GetParameter", #"{"Name":"\#(name)"}"#).json?["Parameter"]?["Value"]?.text == "http://here")
        }
        #expect(try ssm("GetParameter", #"{"Name":"plain"}"#).json?["Parameter"]?["Value"]?.text == "p")
    }

    @Test("each agent's ARN stands under its name, of two that share it the first")
    func agents() throws {
        let told = try ssm("GetParameter", #"{"Name":"/understudy/agents/hosted_agent/arn"}"#).json?["Parameter"]
        #expect(told?["Value"]?.text == Stage.arn)
    }

    @Test("a secret is told decrypted to who asks so, and in the journal to nobody")
    func secrets() throws {
        let hidden = try ssm("GetParameter", #"{"Name":"/shop/key"}"#)
        #expect(hidden.json?["Parameter"]?["Value"]?.text?.hasPrefix("AQICAH") == true)
        let shown = try ssm("GetParameter", #"{"Name":"/shop/key","WithDecryption":true}"#)
        #expect(shown.json?["Parameter"]?["Value"]?.text == "hush-hush")
        let kept = String(decoding: shown.call.reply?.body ?? [], as: UTF8.self)
        #expect(kept.contains(#""Value":"[redacted]""#) && !kept.contains("hush-hush"))
    }

    @Test("of several names those that are there are told, the others are named")
    func several() throws {
        let told = try ssm("GetParameters", #"{"Names":["/shop/url","/nowhere","plain"]}"#).json
        #expect(told?["Parameters"]?.array?.compactMap { $0["Name"]?.text } == ["/shop/url", "plain"])
        #expect(told?["InvalidParameters"]?.array == ["/nowhere"])
    }

    @Test("a hierarchy is told level by level, or whole, page by page")
    func paths() throws {
        func names(_ body: String) throws -> ([String], String?) {
            let told = try ssm("GetParametersByPath", body).json
            return (told?["Parameters"]?.array?.compactMap { $0["Name"]?.text } ?? [], told?["NextToken"]?.text)
        }
        #expect(try names(#"{"Path":"/shop"}"#).0 == ["/shop/key", "/shop/url"])
        let all = try names(#"{"Path":"/shop/","Recursive":true}"#).0
        #expect(all == ["/shop/deep/a", "/shop/deep/b", "/shop/key", "/shop/url"])
        let (first, token) = try names(#"{"Path":"/shop","Recursive":true,"MaxResults":3}"#)
        let next = try #require(token)
        #expect(first == Array(all.prefix(3)))
        let (rest, end) = try names(#"{"Path":"/shop","Recursive":true,"MaxResults":3,"NextToken":"\#(next)"}"#)
        #expect(rest == ["/shop/url"] && end == nil)
        #expect(try names(#"{"Path":"/sho"}"#).0 == [])
        let lists = #"{"Path":"/","Recursive":true,"ParameterFilters":[{"Key":"Type","Values":["StringList"]}]}"#
        #expect(try names(lists).0 == ["/shop/deep/b"])
    }

    @Test(
        "what cannot be meant is refused in Parameter Store's words",
        arguments: [
            ("GetParameter", #"{"Name":"/shop"}"#, "ParameterNotFound", ""),
            (
                "GetParameter", #"{"Name":"/shop/url:2"}"#, "ParameterVersionNotFound",
                "could not find version 2 of /shop/url"
            ),
            ("GetParameter", "{}", "ValidationException", "Value null at 'name' failed to satisfy constraint"),
            ("GetParameter", #"{"Name":7}"#, "SerializationException", "NUMBER_VALUE can not be converted to String"),
            ("GetParameter", "[]", "SerializationException", ""), ("GetParameter", "{", "SerializationException", ""),
            ("GetParameter", #"{"Name":"/a","WithDecryption":"yes"}"#, "SerializationException", "to Boolean"),
            ("GetParameters", #"{"Names":[]}"#, "ValidationException", "length greater than or equal to 1"),
            ("GetParametersByPath", #"{"Path":"shop"}"#, "ValidationException", "must begin with a forward slash"),
            (
                "GetParametersByPath", #"{"Path":"","MaxResults":11}"#, "ValidationException",
                "2 validation errors detected: Value '' at 'path'"
            ),
            ("GetParametersByPath", #"{"Path":"/","NextToken":"x"}"#, "InvalidNextToken", "not valid"),
            ("GetParametersByPath", #"{"Path":"/","ParameterFilters":[{"Key":"Tier"}]}"#, "InvalidFilterKey", ""),
            ("PutParameter", "{}", "UnknownOperationException", "PutParameter is not served here"),
        ])
    func refused(operation: String, body: String, type: String, words: String) throws {
        let reply = try ssm(operation, body)
        #expect(reply.status == 400)
        #expect(reply.json?["__type"]?.text == type)
        #expect(words.isEmpty || reply.message?.contains(words) == true, "\(reply.body)")
        #expect(reply.call.why?.isEmpty == false)
    }

    @Test("who may not is told nothing else, and what is not found is explained in the journal")
    func access() throws {
        let denied = try ssm("GetParameter", #"{"Name":7}"#, key: "DENIED", secret: "s")
        #expect(denied.json?["__type"]?.text == "AccessDeniedException" && denied.status == 400)
        #expect(denied.message?.hasPrefix("User: arn:aws:iam::123456789012:user/DENIED is not authorized") == true)
        #expect(try ssm("GetParameters", #"{"Names":["plain"]}"#, key: "DENIED", secret: "s").status == 200)
        let scope = try ssm("GetParameter", #"{"Name":"plain"}"#, signedFor: "s3")
        #expect(scope.message?.contains("Credential should be scoped to correct service: 'ssm'. ") == true)
        let missing = try ssm("GetParameter", #"{"Name":"/x"}"#)
        #expect(missing.call.why?.contains("no parameter is called /x; there are /shop/url") == true)
        let bearer = [("X-Amz-Target", "AmazonSSM.GetParameter"), ("Authorization", "Bearer x")]
        #expect(try stage.call("POST", "/", bearer).json?["__type"]?.text == "MissingAuthenticationTokenException")
    }

    @Test("no fault of an agent's strikes them, not even one of the issuer's")
    func faults() throws {
        try stage.arm(#"{"fault": "jwks-outage"}"#)
        try stage.arm(#"{"fault": "error", "status": 503}"#)
        #expect(try ssm("GetParameter", #"{"Name":"plain"}"#).status == 200)
    }

    @Test("a space's path comes before theirs")
    func spaces() throws {
        let reply = try stage.ask(
            "ssm", "POST", "/_space/a/", [("X-Amz-Target", "AmazonSSM.GetParameter")], #"{"Name":"plain"}"#)
        #expect(reply.status == 200 && reply.call.space == "a")
    }

    // MARK: Others

    @Test("a service that nobody stands in for is named, to a reader of XML in XML")
    func strangeServices() throws {
        let states = try stage.ask("states", "POST", "/", [("X-Amz-Target", "AWSStepFunctions.ListStateMachines")])
        #expect(states.status == 404 && states.message?.contains("It is AWSStepFunctions.ListStateMachines") == true)
        let storage = try stage.ask("s3", "GET", "/bucket")
        #expect(storage.body.contains("<Error><Code>UnknownOperationException</Code><Message>No operation answers GET"))
        let form = [("Content-Type", "application/x-www-form-urlencoded")]
        let users = try stage.ask("iam", "POST", "/", form, "Action=ListUsers&Version=2010-05-08")
        #expect(users.body.contains("signed for the service iam"))
    }

    @Test("IAM may deny every action there is, and no other")
    func actions() {
        #expect(IAMAction.neighbours == Neighbour.actions)
    }
}
