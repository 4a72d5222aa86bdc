import Bytes
import HTTPWire
import Journal

// Rules.  The command makes the same call again: method, target, fields and body as they came. What the client of a
//         connection makes by itself is left to curl. Secrets are not in the journal, so curl signs anew, or asks for a
//         token anew.
// Theory. Between single quotes a shell takes everything for itself but a single quote (POSIX 2.2.2), so whatever a
//         caller sent is only ever text; what no text can hold, the zero byte above all, goes through base64.

/// A call of the journal as a command line.
enum CallAsCurl {
    /// What curl writes itself, and what a signature consists of.
    private static let left: Set<String> = [
        "host", "content-length", "transfer-encoding", "connection", "expect", "accept-encoding", "authorization",
        "x-amz-date", "x-amz-content-sha256", "x-amz-security-token", "amz-sdk-request", "amz-sdk-invocation-id",
    ]

    static func text(of call: CallRecord, base: String) -> String {
        let method = call.text(.method) ?? "GET"
        var words = ["curl", "--silent", "--show-error", "--no-buffer"]
        if method == "HEAD" { words.append("--head") } else { words += ["--request", quoted(method)] }
        words += access(call, base)
        for (name, value) in fields(of: call) where !left.contains(name.lowercased()) {
            // curl takes "Name:" for the wish to leave a field out; an empty one is "Name;".
            words += ["--header", quoted(value.isEmpty ? "\(name);" : "\(name): \(value)")]
        }
        let body = Array(call.content(.requestBody) ?? [])
        var before = ""
        if !body.isEmpty {
            if let text = String(utf8: body), !text.utf8.contains(0) {
                words += ["--data-raw", quoted(text)]
            } else {
                before = "printf %s \(quoted(Base64.standard.encode(body))) | base64 --decode | "
                words += ["--data-binary", "@-"]
            }
            // Without one, curl would say that it sends a form.
            if !fields(of: call).contains(where: { $0.name.lowercased() == "content-type" }) {
                words += ["--header", quoted("Content-Type:")]
            }
        }
        words.append(quoted(base + target(of: call)))
        return before + words.joined(separator: " ") + "\n"
    }

    /// RFC 9112 3.2.2: a request to a proxy has a whole URL for its target.
    private static func target(of call: CallRecord) -> String {
        let target = call.text(.target) ?? "/"
        guard target.first != "/" else { return target }
        let query = target.firstIndex(of: "?").map { String(target[$0...]) } ?? ""
        return call.path + query
    }

    private static func access(_ call: CallRecord, _ base: String) -> [String] {
        guard fields(of: call).contains(where: { $0.name.lowercased() == "authorization" }) else { return [] }
        guard call.text(.authScheme) == "sigv4" else {
            let agent = call.text(.agent).map { " --agent " + quoted($0) } ?? ""
            return ["--header", "\"Authorization: Bearer $(understudy token --server \(quoted(base))\(agent))\""]
        }
        let parts = (call.text(.agent) ?? "").split(separator: ":", omittingEmptySubsequences: false)
        let region = parts.count > 3 && !parts[3].isEmpty ? String(parts[3]) : "us-east-1"
        return [
            "--aws-sigv4", quoted("aws:amz:\(region):bedrock-agentcore"),
            "--user", "\"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\"",
        ]
    }

    private static func fields(of call: CallRecord) -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        let lines = Array(call.content(.requestHeaders) ?? [])
        HeaderLines.forEach(in: lines.span) { field in
            fields.append((String(lossy: lines[field.name]), String(lossy: lines[field.value])))
        }
        return fields
    }

    static func quoted(_ text: String) -> String {
        let isPlain =
            !text.isEmpty
            && text.utf8.allSatisfy {
                ASCII.isLetter($0) || ASCII.isDigit($0) || "-_./:@%+,=".utf8.contains($0)
            }
        if isPlain { return text }
        return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
