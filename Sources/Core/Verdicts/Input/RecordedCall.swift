import Bytes
import JSON
import Journal
import Time

// What the journal keeps of a call, as judges may know it: read once, field by field, and nothing of it held.

extension ObservedCall {
    /// `wanted` says what to look for beyond what every call has.
    package init(_ record: CallRecord, wanted: Wanted) {
        self.init(number: 0, arrived: Moment(Instant(nanoseconds: 0)))
        var times = Times()
        record.forEach { field, number, content in read(field, number, content, of: record, &times) }
        arrived = Moment(real: times.arrived, clock: times.clock ?? times.arrived)
        readRequest(record, wanted)
        payload = Self.fingerprint(record)
        token?.issuedAt = times.tokenIssued
        token?.expires = times.tokenExpires
        isIssuer = Self.isIssuer(operation: operation)
        guard outcome != nil else {
            status = nil
            return
        }
        readEnd(record, times)
    }

    /// The server's own issuer, whose calls are no agent's.
    package static func isIssuer(operation: String?) -> Bool { operation.map(issuerOperations.contains) ?? false }

    package static let issuerOperations = ["Issuer", "Token", "InitiateAuth", "KeySet", "Discovery"]

    /// As the record tells them.
    private struct Times {
        var arrived = Instant(nanoseconds: 0)
        var clock: Instant?
        /// Nanoseconds after the arrival.
        var firstByte: Int64?
        var ended: Int64 = 0
        var tokenIssued: Instant?
        var tokenExpires: Instant?
    }

    /// Once through the record, which is read a million times.
    private mutating func read(
        _ field: CallField, _ value: Int64, _ content: Range<Int>, of record: CallRecord, _ times: inout Times
    ) {
        func text() -> String { String(lossy: record.bytes[content]) }
        var moment: Instant { Instant(nanoseconds: value) }
        switch field {
        case .number: number = Int(value)
        case .space: space = text()
        case .agent: agent = text()
        case .qualifier: qualifier = text()
        case .operation: operation = text()
        case .principal: principal = text()
        case .user: user = text()
        case .session: session = text()
        case .rule: rule = text()
        case .sessionCall: startsSession = value == 1
        case .faults: if content.count > 2 { faults = Self.faultNames(record.bytes[content]) }
        case .unmatched: isUnmatched = value == 1
        case .tokenID: token = Token(id: text())
        case .tokenIssued: times.tokenIssued = moment
        case .tokenExpires: times.tokenExpires = moment
        case .arrived: times.arrived = moment
        case .clock: times.clock = moment
        case .status: status = Int(value)
        case .firstByte: times.firstByte = value
        case .ended: times.ended = value
        case .outcome: outcome = Outcome(recorded: text())
        default: break
        }
    }

    /// The name of a fault, without why it did not apply; or its name and its word.
    private static func faultNames(_ text: ArraySlice<UInt8>) -> [String] {
        guard let list = (try? Value.parse(Array(text)))?.array else { return [] }
        return list.flatMap { fault -> [String] in
            guard let name = fault.text else { return [fault["name"]?.text, fault["fault"]?.text].compactMap { $0 } }
            let bytes = Array(name.utf8)
            return [
                String(decoding: bytes[..<(Self.place(of: " (not applied", in: bytes) ?? bytes.count)], as: UTF8.self)
            ]
        }
    }

    // MARK: The request

    private mutating func readRequest(_ record: borrowing CallRecord, _ wanted: Wanted) {
        if let found = record.invocation, let id = found.id {
            invocation = Invocation(id: id, attempt: found.attempt, max: found.max)
        }
        var (found, agentText, trace, namesSession): ([String: String], String?, String?, Bool) = ([:], nil, nil, false)
        record.forEachHeader(.requestHeaders) { name, value in
            if ASCII.equals(name, lowercase: "user-agent") { agentText = agentText ?? String(lossy: value) }
            if ASCII.equals(name, lowercase: "x-amzn-trace-id") { trace = String(lossy: value) }
            for header in Self.sessionHeaders where ASCII.equals(name, lowercase: header) { namesSession = true }
            guard !wanted.headers.isEmpty else { return }
            let lower = String(decoding: name.withUnsafeBufferPointer { $0.map(ASCII.lowercased) }, as: UTF8.self)
            if wanted.headers.contains(lower), found[lower] == nil { found[lower] = String(lossy: value) }
        }
        (headers, userAgent, self.trace) = (found, agentText, trace)
        // An id that the server made was in no request.
        self.namesSession = namesSession || session == nil
        guard !wanted.paths.isEmpty, let body = record.content(.requestBody), let tree = try? Value.parse(Array(body))
        else { return }
        for text in wanted.paths {
            guard let path = try? Path(text), let value = path.lookup(in: tree) else { continue }
            values[text] = value.text ?? value.json()
        }
    }

    private static let sessionHeaders: [StaticString] = [
        "x-amzn-bedrock-agentcore-runtime-session-id", "mcp-session-id",
    ]

    /// Calls with the same one ask for the same: FNV-1a over the way and the body, eight bytes a step.
    private static func fingerprint(_ record: borrowing CallRecord) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for field in [CallField.method, .target, .requestBody] {
            guard let content = record.content(field) else { continue }
            let words = content.span.bytes
            var place = 0
            while place + 8 <= content.count {
                let word = words.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
                hash = (hash ^ word) &* 0x0000_0100_0000_01B3
                hash ^= hash >> 29
                place += 8
            }
            for byte in content.dropFirst(place) { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        }
        return hash
    }

    // MARK: The end

    private mutating func readEnd(_ record: borrowing CallRecord, _ times: Times) {
        ended = Moment(
            real: arrived.real + .nanoseconds(times.ended),
            clock: record.endedClock ?? arrived.clock + .nanoseconds(times.ended))
        firstByte = times.firstByte.map { arrived.clock + .nanoseconds($0) }
        lastByte = Self.lastSent(record).map { arrived.clock + .nanoseconds($0) } ?? firstByte
        readAnswer(record)
        refusal = refusal(record)
    }

    /// Nanoseconds after the arrival.
    private static func lastSent(_ record: borrowing CallRecord) -> Int64? {
        record.has(.frameRun) || record.has(.frames) ? record.frameRecords.last?.sent : nil
    }

    private mutating func readAnswer(_ record: borrowing CallRecord) {
        guard (status ?? 0) >= 400 else { return }
        var (error, hints): (String?, Hints) = (nil, Hints())
        record.forEachHeader(.replyHeaders) { name, value in
            if ASCII.equals(name, lowercase: "x-amzn-errortype") {
                error = String(lossy: value.prefix { $0 != UInt8(ascii: ":") })
            } else if ASCII.equals(name, lowercase: "retry-after") {
                hints.retryAfter = Double(String(lossy: value))
            } else if ASCII.equals(name, lowercase: "x-amz-retry-after") {
                hints.amzRetryAfter = Double(String(lossy: value)).map { $0 / 1_000 }
            }
        }
        (self.error, self.hints) = (error, hints)
    }

    /// Wire reference 2.3: the refusals that a new token answers say that the old one has ended, or is about to.
    private func refusal(_ record: borrowing CallRecord) -> Refusal? {
        guard status == 401 || status == 403 else { return nil }
        let body = Array(record.content(.replyBody) ?? [])
        let isAboutTime = ["neffectual token", "token expired", "has expired", "will expire"].contains { words in
            Self.place(of: words, in: body) != nil
        }
        return isAboutTime || faults.contains("expiring-token") ? .token : .access
    }
}

extension ObservedCall {
    private static func place(of words: String, in bytes: [UInt8]) -> Int? {
        let words = Array(words.utf8)
        return ByteSearch.first(words.span, in: bytes.span, from: 0)
    }
}

extension ObservedCall.Outcome {
    /// A stopped session closes the connection.
    fileprivate init?(recorded word: String) { self.init(rawValue: word == "session-stopped" ? "closed" : word) }
}

extension ObservedMark {
    package init(_ mark: Mark) {
        self.init(
            space: mark.space, agent: mark.agent, by: mark.by, note: mark.note,
            at: Moment(real: mark.at, clock: mark.clock))
    }
}
