import Bytes
import HTTPWire
import Runtime

/// What somebody may have meant who asked for what is not there: another service, the control plane, an older client. It
/// is named, with what to do instead.
enum WrongDoor {
    static func message(for request: borrowing Request) -> String {
        let start = "No operation answers \(request.methodText) \(request.pathText)."
        guard let meant = meant(by: request) else {
            return start
                + " An agent is called with POST /runtimes/{ARN, percent-encoded}/invocations; the server's own "
                + "calls are below /_understudy."
        }
        return "\(start) \(meant)"
    }

    private static func meant(by request: borrowing Request) -> String? {
        let path = request.pathText
        if let target = request.text(of: .amzTarget) {
            return
                "It is \(shown(target)), of a service that is not served here: point that client at another endpoint, "
                + "with AWS_ENDPOINT_URL_{SERVICE} for each service instead of AWS_ENDPOINT_URL for all."
        }
        // Its client signs for `bedrock`: the path says more.
        if path.hasPrefix("/agents/") || path.hasPrefix("/knowledgebases/") || path.hasPrefix("/retrieveAndGenerate") {
            return
                "That is a path of bedrock-agent-runtime, the older Bedrock Agents; the client for agent runtimes is "
                + "bedrock-agentcore (boto3.client(\"bedrock-agentcore\"))."
        }
        if let operation = laterOperation(at: path) {
            return
                "That is \(operation), which is not in this version: served with --upstream, it is passed on to the service."
        }
        if path.hasPrefix("/runtimes/arn:") {
            return "The ARN stands in the path as it is: percent-encode it, /runtimes/arn%3Aaws%3A…%3Aruntime%2F… "
                + "(urllib.parse.quote(arn, safe=\"\"), encodeURIComponent(arn))."
        }
        if let service = scopedService(of: request), service != "bedrock-agentcore" {
            return "It is signed for the service \(shown(service)), which is not served here: set "
                + "AWS_ENDPOINT_URL_BEDROCK_AGENTCORE instead of AWS_ENDPOINT_URL, so that other clients keep their own."
        }
        if isControlPlane(path) {
            return "That is a path of the control plane, bedrock-agentcore-control, which makes and lists agents; here "
                + "agents are made in the scenario file, and GET /_understudy/scenario lists them."
        }
        return nil
    }

    /// Of the same client and of agents, by where they are called.
    private static func laterOperation(at path: String) -> String? {
        let segments = path.split(separator: "/")
        guard segments.count > 1 else { return nil }
        switch segments.first {
        case "runtimes" where segments.last == "commands": return "InvokeAgentRuntimeCommand"
        case "runtimes" where segments.last == "shells": return "InvokeAgentRuntimeCommandShell"
        case "harnesses" where segments[1] == "invoke": return "InvokeHarness"
        default: return nil
        }
    }

    /// `PUT /runtimes/`, `GET /runtimes/{id}/…` and its like (the control plane's model).
    private static func isControlPlane(_ path: String) -> Bool {
        let segments = path.split(separator: "/")
        guard let first = segments.first else { return false }
        if ["gateways", "memories", "browsers", "code-interpreters", "identities", "harnesses"].contains(first) {
            return true
        }
        let isEndpointList = segments.count > 2 && ["runtime-endpoints", "versions"].contains(segments[2])
        return first == "runtimes" && (segments.count < 3 || isEndpointList)
    }

    /// The service in `Credential=ID/DATE/REGION/SERVICE/aws4_request`, in the header or the query.
    private static func scopedService(of request: borrowing Request) -> String? {
        let header = request.text(of: .authorization).flatMap { text in
            text.split(separator: " ").first { $0.hasPrefix("Credential=") }.map(String.init)
        }
        guard let credential = header ?? request.parameter("X-Amz-Credential") else { return nil }
        let parts = credential.prefix { $0 != "," }.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 5 && !parts[3].isEmpty ? String(parts[3]) : nil
    }

    private static func shown(_ name: String) -> String {
        String(name.unicodeScalars.prefix(80).map { (0x21...0x7E).contains($0.value) ? Character($0) : "?" })
    }
}
