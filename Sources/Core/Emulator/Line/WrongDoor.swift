import Bytes
import HTTPWire
import Neighbours
import Runtime

/// What somebody may have meant who asked for what is not there: another service, the control plane, an older client. It
/// is named, with what to do instead.
enum WrongDoor {
    static func message(for request: borrowing Request, path: Range<Int>) -> String {
        let start = "No operation answers \(request.methodText) \(request.pathText)."
        guard let meant = meant(by: request, path) else {
            return start
                + " An agent is called with POST \(agentPath)invocations; the server's own "
                + "calls are below /_understudy."
        }
        return "\(start) \(meant)"
    }

    private static let agentPath = "/runtimes/{ARN, percent-encoded}/"

    private static func meant(by request: borrowing Request, _ place: Range<Int>) -> String? {
        let path = request.pathText
        // Its client signs for `bedrock`: the path says more.
        if path.hasPrefix("/agents/") || path.hasPrefix("/knowledgebases/") || path.hasPrefix("/retrieveAndGenerate") {
            return
                "That is a path of bedrock-agent-runtime, the older Bedrock Agents; the client for agent runtimes is "
                + "bedrock-agentcore (boto3.client(\"bedrock-agentcore\"))."
        }
        if ["/invocations", "/ping", "/ws"].contains(path) {
            return
                "That is a path of an agent's own container, which the service asks behind \(agentPath)…; such an agent is "
                + "called through this server with --forward URL."
        }
        if let operation = laterOperation(at: path) {
            return
                "That is \(operation), which is not in this version: served with --upstream, it is passed on to the service."
        }
        if path.hasPrefix("/runtimes/arn:") {
            return "The ARN stands in the path as it is: percent-encode it, /runtimes/arn%3Aaws%3A…%3Aruntime%2F… "
                + "(urllib.parse.quote(arn, safe=\"\"), encodeURIComponent(arn))."
        }
        if case .other(let service) = AskedService(request, path: place) { return meant(service, request) }
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

    private static func meant(_ service: String, _ request: borrowing Request) -> String {
        let operation = request.text(of: .amzTarget).map(AskedService.shown)
        let what = operation.map { "It is \($0), of a service" } ?? "It is signed for the service \(service),"
        return
            "\(what) \(operation == nil ? "which" : "that") is not served here: point that client at another endpoint, "
            + "with AWS_ENDPOINT_URL_{SERVICE} for each service instead of AWS_ENDPOINT_URL for all, or have the server "
            + "pass it on with --other-services URL."
    }
}
