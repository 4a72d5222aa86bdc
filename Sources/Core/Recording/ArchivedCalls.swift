import Bytes
import Delivery
import HAR
import HTTPWire
import Runtime
import Time

// Rules.  What is written and read again is the same call. Of another tool's archive, calls of this service are taken,
//         and what it did not keep is made up the plainest way: an answer without frames came in one piece, or, of
//         server-sent events, an event at a time and all at once.

/// Recorded calls as an HTTP Archive.
package enum ArchivedCalls {
    package static func archive(_ calls: [RecordedCall], creator: String, version: String) -> Archive {
        var archive = Archive(creator: creator, version: version)
        archive.entries = calls.map(entry)
        return archive
    }

    private static func entry(_ call: RecordedCall) -> ArchiveEntry {
        var entry = ArchiveEntry()
        entry.started = call.arrived ?? Instant(nanoseconds: 0)
        entry.wait = Double(call.reply.at) / 1_000
        entry.receive = Double(max(0, call.reply.ended - call.reply.at)) / 1_000
        (entry.request.method, entry.request.url) = line(of: call)
        entry.request.fields = call.requestFields.list.map { ArchivedField($0.name, $0.value) }
        entry.request.body = call.requestBody
        entry.response.status = call.reply.status
        entry.response.fields = call.reply.fields.list.map { ArchivedField($0.name, $0.value) }
        entry.response.mimeType = call.reply.fields.value(of: "Content-Type") ?? ""
        entry.response.body = call.isConversation ? [] : call.reply.frames.flatMap(\.bytes)
        if let frames = call.reply.pieces {
            entry.response.frames = frames.map {
                ArchivedFrame(
                    at: $0.at, bytes: $0.bytes, size: $0.size, direction: $0.message?.side.rawValue,
                    kind: $0.message?.kind.rawValue)
            }
        }
        if call.outcome != .completed { entry.response.error = call.outcome.rawValue }
        let own = [
            ("recording", call.recording), ("agent", call.agent), ("qualifier", call.qualifier),
            ("operation", call.operation), ("session", call.session), ("outcome", call.outcome.rawValue),
        ]
        entry.own = own.compactMap { name, value in value.map { ArchivedField(name, $0) } }
        return entry
    }

    /// Archives know no calls without a host: that of the service in the agent's region.
    private static func line(of call: RecordedCall) -> (method: String, url: String) {
        let region = AgentARN(call.agent)?.region ?? "us-east-1"
        let base = "https://bedrock-agentcore.\(region).amazonaws.com"
        let agent = "\(base)/runtimes/\(PercentEncoding.encode(call.agent.utf8))"
        let query = "?qualifier=\(PercentEncoding.encode(call.qualifier.utf8))"
        switch call.operation {
        case "InvokeAgentRuntime": return ("POST", "\(agent)/invocations\(query)")
        case "StopRuntimeSession": return ("POST", "\(agent)/stopruntimesession\(query)")
        case "InvokeAgentRuntimeWithWebSocketStream": return ("GET", "\(agent)/ws\(query)")
        case "GetAgentCard": return ("GET", "\(agent)/invocations/.well-known/agent-card.json\(query)")
        default:
            // Another operation is called by its request line.
            let words = call.operation.split(separator: " ", maxSplits: 1)
            return words.count == 2
                ? (String(words[0]), base + words[1]) : ("POST", "\(agent)/\(call.operation)\(query)")
        }
    }

    // MARK: Reading

    /// The calls of the archive that are this service's, and how many are not.
    package static func calls(of archive: Archive) throws(ArchiveMistake) -> (calls: [RecordedCall], others: Int) {
        var calls: [RecordedCall] = []
        for (index, entry) in archive.entries.enumerated() {
            guard let call = entry.response.status == 0 ? unanswered(entry) : call(entry) else { continue }
            // A conversation that another tool recorded has no words here.
            if call.reply.status == 101, !call.isConversation { continue }
            guard call.reply.status == 101 || (200...599).contains(call.reply.status) else {
                throw ArchiveMistake("log.entries[\(index)].response.status", "is none of 101 and 200 to 599")
            }
            calls.append(call)
        }
        return (calls, archive.entries.count - calls.count)
    }

    /// Browsers write a status of 0 where no answer came: the connection ended before its head.
    private static func unanswered(_ entry: ArchiveEntry) -> RecordedCall? {
        guard var call = call(entry) else { return nil }
        let ended = call.reply.ended
        call.reply = RecordedReply(body: .frames([]))
        (call.reply.at, call.reply.ended) = (ended, ended)
        call.outcome = (entry.response.error ?? "").hasSuffix("ERR_CONNECTION_RESET") ? .reset : .closed
        return call
    }

    private static func call(_ entry: ArchiveEntry) -> RecordedCall? {
        guard let place = place(of: entry) else { return nil }
        var call = RecordedCall(agent: place.agent, reply: reply(entry))
        (call.qualifier, call.operation) = (place.qualifier, place.operation)
        call.recording = entry.text("recording")
        call.session =
            entry.text("session")
            ?? entry.request.fields.first {
                ASCII.equalsIgnoringCase($0.name.utf8, "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id".utf8)
            }?.value
        call.arrived = entry.started.nanoseconds == 0 ? nil : entry.started
        for field in entry.request.fields { call.requestFields.add(name: field.name, value: field.value) }
        call.requestBody = entry.request.body
        call.outcome = (entry.text("outcome")).flatMap(Report.Outcome.init) ?? .completed
        return call
    }

    private static func reply(_ entry: ArchiveEntry) -> RecordedReply {
        let response = entry.response
        let at = Int64(entry.wait * 1_000 + 0.5)
        let type = response.fields.first { ASCII.equalsIgnoringCase($0.name.utf8, "content-type".utf8) }?.value
        let isEventStream = (type ?? response.mimeType).hasPrefix("text/event-stream")
        var reply = RecordedReply(body: .whole(response.body))
        if let frames = response.frames {
            reply.body = .frames(
                frames.map {
                    RecordedFrame(
                        at: $0.at, bytes: $0.bytes, size: $0.size, message: RecordedMessage($0.direction, $0.kind))
                })
        } else if isEventStream {
            reply.body = .frames(events(of: response.body).map { RecordedFrame(at: at, bytes: $0) })
        }
        reply.status = response.status
        reply.at = at
        reply.ended = max(at + Int64(entry.receive * 1_000 + 0.5), reply.frames.last?.at ?? 0)
        for field in response.fields where !isOfConnection(field.name, isOwn: entry.text("agent") != nil) {
            reply.fields.add(name: field.name, value: field.value)
        }
        if type == nil, !response.mimeType.isEmpty { reply.fields.add(name: "Content-Type", value: response.mimeType) }
        return reply
    }

    /// Another tool tells of a body that it has decoded.
    private static func isOfConnection(_ name: String, isOwn: Bool) -> Bool {
        let names = ["content-encoding", "transfer-encoding", "connection", "content-length", "keep-alive"]
        return !isOwn && names.contains(name.lowercased())
    }

    /// Each event with the blank line that ends it.
    private static func events(of stream: [UInt8]) -> [[UInt8]] {
        var events: [[UInt8]] = []
        var (start, lineStart) = (0, 0)
        for at in stream.indices where stream[at] == UInt8(ascii: "\n") {
            let line = stream[lineStart..<at]
            lineStart = at + 1
            guard line.isEmpty || line.elementsEqual([UInt8(ascii: "\r")]) else { continue }
            events.append(Array(stream[start...at]))
            start = at + 1
        }
        if start < stream.count { events.append(Array(stream[start...])) }
        return events
    }

    private static func place(of entry: ArchiveEntry) -> (agent: String, qualifier: String, operation: String)? {
        if let agent = entry.text("agent"), let operation = entry.text("operation") {
            return (agent, entry.text("qualifier") ?? "DEFAULT", operation)
        }
        guard let url = HTTPURI(entry.request.url) else { return nil }
        let parts = url.target.utf8.split(separator: UInt8(ascii: "?"), maxSplits: 1)
        let path = Array(parts[0])
        guard let found = AgentPath(path.span, path: 0..<path.count) else { return nil }
        var (qualifier, account) = ("DEFAULT", String?.none)
        for parameter in parts.count > 1 ? parts[1].split(separator: UInt8(ascii: "&")) : [] {
            let pair = parameter.split(separator: UInt8(ascii: "="), maxSplits: 1)
            let value = pair.count > 1 ? PercentEncoding.decode(pair[1]).map { String(lossy: $0) } : nil
            if pair[0].elementsEqual("qualifier".utf8) { qualifier = value ?? qualifier }
            if pair[0].elementsEqual("accountId".utf8) { account = value }
        }
        guard case .success(let agent) = AgentReference.read(segment: path[found.agent], account: account),
            let operation = operation(entry.request.method, String(lossy: path[found.tail]))
        else { return nil }
        return (agent.arnText(region: "us-east-1"), qualifier, operation)
    }

    private static func operation(_ method: String, _ tail: String) -> String? {
        switch (method, tail) {
        case ("POST", "invocations"), ("POST", "invocations/"): "InvokeAgentRuntime"
        case ("POST", "stopruntimesession"): "StopRuntimeSession"
        case ("GET", "ws"): "InvokeAgentRuntimeWithWebSocketStream"
        case ("GET", "invocations/.well-known/agent-card.json"): "GetAgentCard"
        default: nil
        }
    }
}

extension ArchiveEntry {
    fileprivate func text(_ name: String) -> String? { own.first { $0.name == name }?.value }
}

extension RecordedMessage {
    /// Nil of a piece of a body, and of words that are none.
    fileprivate init?(_ direction: String?, _ kind: String?) {
        guard let side = direction.flatMap(Side.init), let kind = kind.flatMap(Kind.init) else { return nil }
        self.init(from: side, kind)
    }
}
