import Bytes
import HTTPWire
import JSON
import Journal
import Time

// Rules.  A journal tells fields one by one, in the order of a record: those of the arrival, then what happened later,
//         and what is said last counts. Bytes are lent for the time of the call; what is kept of them is copied then.
// Theory. A journal of a million calls is read in seconds when nothing is made of a call but what judges look at: no
//         record, no copy of a column, and no text a second time that a call before had too.

/// Makes calls as judges may know them, field by field as a journal tells them.
package struct CallReading {
    private let wanted: Wanted
    private var texts = RepeatedTexts()
    private var call = ObservedCall(number: 0, arrived: Moment(Instant(nanoseconds: 0)))
    private var times = CallTimes()
    private var payload = ByteHash()
    private var namesSession = false
    private var error: String?
    private var hints = ObservedCall.Hints()
    /// The refusal's own words speak of time.
    private var isAboutTime = false

    /// `wanted` says what to look for beyond what every call has.
    package init(wanted: Wanted) { self.wanted = wanted }

    /// The fields that it looks at, in the order of a record; some only of calls whose status lies in a range.
    package static let fields: [(field: CallField, statuses: ClosedRange<Int>?)] =
        RecordBuilder.fields.filter(looked.contains).map { field in
            switch field {
            case .replyHeaders: (field, 400...999)
            case .replyBody: (field, 401...403)
            default: (field, nil)
            }
        }

    private static let looked: [CallField] = [
        .number, .space, .agent, .qualifier, .operation, .principal, .user, .session, .rule, .sessionCall, .faults,
        .unmatched, .tokenID, .tokenIssued, .tokenExpires, .arrived, .clock, .status, .firstByte, .ended, .endedClock,
        .outcome, .method, .target, .requestHeaders, .requestBody, .replyHeaders, .replyBody, .frames,
    ]

    /// Texts that were made so far are not given to further calls: whoever judges these on another thread counts their
    /// references alone.
    package mutating func partWithTexts() { texts.begin() }

    package mutating func tell(_ field: CallField, _ number: Int64) {
        switch field {
        case .number: call.number = Int(number)
        case .sessionCall: call.startsSession = number == 1
        case .unmatched: call.isUnmatched = number == 1
        case .status: call.status = Int(number)
        default: times.tell(field, number)
        }
    }

    package mutating func tell(_ field: CallField, _ content: Span<UInt8>) {
        switch field {
        case .space: call.space = texts.text(content)
        case .agent: call.agent = texts.text(content)
        case .qualifier: call.qualifier = texts.text(content)
        case .operation: call.operation = texts.text(content)
        case .principal: call.principal = texts.text(content)
        case .user: call.user = texts.text(content)
        case .session: call.session = texts.text(content)
        case .rule: call.rule = texts.text(content)
        case .tokenID: call.token = ObservedCall.Token(id: texts.text(content))
        case .faults: if content.count > 2 { call.faults = ObservedCall.faultNames(String(lossy: content)) }
        case .outcome: call.outcome = ObservedCall.Outcome(recorded: content)
        case .method, .target: payload.add(content)
        case .requestHeaders: HeaderLines.forEach(in: content) { requestField($0, in: content) }
        case .requestBody: requestBody(content)
        case .replyHeaders: if (call.status ?? 0) >= 400 { replyHeaders(content) }
        case .replyBody: if isRefused { isAboutTime = ObservedCall.speaksOfTime(content) }
        default: break
        }
    }

    /// When the last frame left, in nanoseconds after the arrival.
    package mutating func tell(lastSent: Int64) { times.lastSent = lastSent }

    /// The call that was told, and room for the next one.
    package mutating func take() -> ObservedCall {
        var taken = ObservedCall(number: 0, arrived: Moment(Instant(nanoseconds: 0)))
        finish()
        swap(&taken, &call)
        (times, payload, namesSession, isAboutTime) = (CallTimes(), ByteHash(), false, false)
        (error, hints) = (nil, ObservedCall.Hints())
        return taken
    }

    private mutating func finish() {
        call.arrived = times.arrival
        call.payload = payload.value
        call.token?.issuedAt = times.tokenIssued
        call.token?.expires = times.tokenExpires
        call.isIssuer = ObservedCall.isIssuer(operation: call.operation)
        // An id that the server made was in no request.
        call.namesSession = namesSession || call.session == nil
        if call.invocation?.id.isEmpty == true { call.invocation = nil }
        guard call.outcome != nil else {
            call.status = nil
            return
        }
        (call.ended, call.firstByte, call.lastByte) = (times.end, times.first, times.last)
        if (call.status ?? 0) >= 400 { (call.error, call.hints) = (error, hints) }
        // Wire reference 2.3: the refusals that a new token answers say that the old one has ended, or is about to.
        if isRefused { call.refusal = isAboutTime || call.faults.contains("expiring-token") ? .token : .access }
    }

    private var isRefused: Bool { call.status == 401 || call.status == 403 }

    // MARK: The request

    private mutating func requestField(_ field: FieldRange, in lines: Span<UInt8>) {
        let (name, value) = (lines.extracting(field.name), lines.extracting(field.value))
        // Most fields of a request are none of these: the first letter says so.
        switch name.count > 0 ? ASCII.lowercased(name[0]) : 0 {
        case UInt8(ascii: "a"): invocationField(name, value)
        case UInt8(ascii: "u"):
            if call.userAgent == nil, ASCII.equals(name, lowercase: "user-agent") { call.userAgent = texts.text(value) }
        case UInt8(ascii: "x"):
            if ASCII.equals(name, lowercase: "x-amzn-bedrock-agentcore-runtime-session-id") { namesSession = true }
            if ASCII.equals(name, lowercase: "x-amzn-trace-id") { call.trace = String(lossy: value) }
        case UInt8(ascii: "m"): if ASCII.equals(name, lowercase: "mcp-session-id") { namesSession = true }
        default: break
        }
        if !wanted.headers.isEmpty { wantedField(name, value) }
    }

    private mutating func invocationField(_ name: Span<UInt8>, _ value: Span<UInt8>) {
        if ASCII.equals(name, lowercase: "amz-sdk-invocation-id") {
            if call.invocation?.id.isEmpty != false { invocation { $0.id = String(lossy: value) } }
        } else if ASCII.equals(name, lowercase: "amz-sdk-request") {
            invocation {
                $0.attempt = $0.attempt ?? SDKRetry.number("attempt", in: value)
                $0.max = $0.max ?? SDKRetry.number("max", in: value)
            }
        }
    }

    /// Without an id it is nothing in the end.
    private mutating func invocation(_ change: (inout ObservedCall.Invocation) -> Void) {
        var invocation = call.invocation ?? ObservedCall.Invocation(id: "")
        change(&invocation)
        call.invocation = invocation
    }

    private mutating func wantedField(_ name: Span<UInt8>, _ value: Span<UInt8>) {
        let name = String(lossy: name).lowercased()
        if wanted.headers.contains(name), call.headers[name] == nil { call.headers[name] = String(lossy: value) }
    }

    private mutating func requestBody(_ body: Span<UInt8>) {
        payload.add(body)
        guard !wanted.paths.isEmpty, let tree = try? Value.parse(body.withUnsafeBufferPointer { Array($0) })
        else { return }
        for text in wanted.paths {
            guard let path = try? Path(text), let value = path.lookup(in: tree) else { continue }
            call.values[text] = value.text ?? value.json()
        }
    }

    // MARK: The answer

    private mutating func replyHeaders(_ lines: Span<UInt8>) {
        (error, hints) = (nil, ObservedCall.Hints())
        HeaderLines.forEach(in: lines) { field in
            let (name, value) = (lines.extracting(field.name), lines.extracting(field.value))
            if ASCII.equals(name, lowercase: "x-amzn-errortype") {
                let colon = ByteSearch.first(UInt8(ascii: ":"), in: value, 0..<value.count)
                error = String(lossy: value.extracting(0..<colon))
            } else if ASCII.equals(name, lowercase: "retry-after") {
                hints.retryAfter = Double(String(lossy: value))
            } else if ASCII.equals(name, lowercase: "x-amz-retry-after") {
                hints.amzRetryAfter = Double(String(lossy: value)).map { $0 / 1_000 }
            }
        }
    }
}

/// The moments of a call as a journal tells them: some by the wall's clock, some from the arrival on.
private struct CallTimes {
    private var arrived: Int64 = 0
    private var clock: Int64?
    private var firstByte: Int64?
    private var ended: Int64 = 0
    private var endedClock: Int64?
    var lastSent: Int64?
    private(set) var tokenIssued: Instant?
    private(set) var tokenExpires: Instant?

    mutating func tell(_ field: CallField, _ number: Int64) {
        switch field {
        case .arrived: arrived = number
        case .clock: clock = number
        case .firstByte: firstByte = number
        case .ended: ended = number
        case .endedClock: endedClock = number
        case .tokenIssued: tokenIssued = Instant(nanoseconds: number)
        case .tokenExpires: tokenExpires = Instant(nanoseconds: number)
        default: break
        }
    }

    private var clockThen: Int64 { clock ?? arrived }

    var arrival: Moment { Moment(real: Instant(nanoseconds: arrived), clock: Instant(nanoseconds: clockThen)) }

    /// The clock's own word for the end is there only where it was moved meanwhile.
    var end: Moment {
        Moment(
            real: Instant(nanoseconds: arrived + ended),
            clock: Instant(nanoseconds: endedClock ?? clockThen + ended))
    }

    var first: Instant? { firstByte.map { Instant(nanoseconds: clockThen + $0) } }

    var last: Instant? { lastSent.map { Instant(nanoseconds: clockThen + $0) } ?? first }
}
