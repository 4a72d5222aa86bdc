import Bytes
import Delivery
import HTTPWire

/// What happened to a call, as the bytes of its record that say so: written once, with room that is used again, and then
/// lent to whoever keeps it. A call arrives first; what happens to it later is written behind that.
package final class CallEvent {
    package private(set) var number = 0
    package private(set) var isArrival = true
    package private(set) var bytes: [UInt8] = []
    /// How many of the bytes are the short fields.
    package private(set) var shortCount = 0
    /// Of an arrival.
    private(set) var bodies = RecordBodies()
    /// Whether it says all that was said in the call's conversation, what was told of that before included.
    private(set) var tellsMessages = false
    /// Of a stream: its script, which all calls that it answers share.
    package private(set) var frames: [FrameScript.Frame] = []
    private var masking = Masking()
    /// Where the call that arrived last holds secrets.
    package var secretParts: SecretParts { masking.secretParts }

    package init() {}

    /// A call whose answer is known has arrived: both in one.
    package func setArrival(of call: borrowing Call) {
        masking.prepare(for: call)
        (number, isArrival) = (call.number, true)
        frames = masking.frames?.script.frames ?? []
        start()
        (shortCount, bodies) = Self.write(call, masking, to: &bytes)
    }

    /// Returns how much of it are the short fields, and where the bodies are.
    private static func write(
        _ call: borrowing Call, _ masking: borrowing Masking, to bytes: inout [UInt8]
    ) -> (Int, RecordBodies) {
        var shortCount = 0
        var bodies = RecordBodies()
        bytes.append(addingCapacity: masking.room(for: call)) { record in
            let short = call.isOrdinary ? CallField.ordinaryFields : CallField.shortFields
            for field in short { field.append(call, masking, to: &record) }
            shortCount = record.count
            for field in CallField.longFieldsOfArrival {
                let start = record.count
                field.append(call, masking, to: &record)
                if field == .requestBody { bodies.request = start..<record.count }
                if field == .replyBody { bodies.reply = start..<record.count }
            }
        }
        return (shortCount, bodies)
    }

    /// An answer that was not known when the call arrived has become known, or more of it. `frames` are those of a stream
    /// that have left.
    package func setAnswer(of call: borrowing Call, frames sent: [FrameRecord]? = nil) {
        (number, isArrival, frames) = (call.number, false, [])
        start()
        append(answerOf: call, frames: sent)
    }

    private func append(answerOf call: borrowing Call, frames sent: [FrameRecord]?) {
        masking.prepare(forAnswerTo: call)
        let room = masking.room(for: call) + RecordEntry.overhead + 24 * (sent?.count ?? 0)
        bytes.append(addingCapacity: room) { record in
            for field in CallField.ofAnswer { field.append(call, masking, to: &record) }
            if let sent { record.append(sent) }
        }
        shortCount = bytes.count
    }

    /// The call has ended, and what its answer was is told with it.
    package func setEnding(of call: borrowing Call, frames sent: [FrameRecord]?, _ report: borrowing Report) {
        setAnswer(of: call, frames: sent)
        append(endingOf: report)
    }

    /// The call has ended.
    package func setEnding(of number: Int, _ report: borrowing Report) {
        (self.number, isArrival, frames) = (number, false, [])
        start()
        append(endingOf: report)
    }

    private func append(endingOf report: borrowing Report) {
        let (lateness, messages) = (report.frames.bytes, report.messages?.bytes ?? [])
        let faults = report.faults ?? []
        let room = 8 * RecordEntry.overhead + 16 + lateness.count + messages.count + faults.count
        bytes.append(addingCapacity: room) { record in
            record.append(.firstByte, report.firstByte.map { Int($0) })
            record.append(.ended, Int(report.ended))
            record.append(.endedClock, report.clock.map { Int($0) })
            record.append(.bytes, report.bytes)
            record.append(.outcome, report.outcome.rawValue)
            if !lateness.isEmpty { record.append(.lateness, lateness.span) }
            if !faults.isEmpty { record.append(.faults, faults.span) }
            if report.messages != nil { record.append(.messages, messages.span) }
        }
        shortCount = bytes.count
        tellsMessages = report.messages != nil
    }

    /// So far so much was said in a conversation that goes on.
    package func setMessages(of number: Int, _ log: borrowing MessageLog) {
        (self.number, isArrival, frames) = (number, false, [])
        start()
        let messages = log.bytes
        bytes.append(addingCapacity: RecordEntry.overhead + messages.count) { $0.append(.messages, messages.span) }
        shortCount = bytes.count
        tellsMessages = true
    }

    /// The pieces of its trace, all that are known so far.
    package func setSegments(of number: Int, _ list: [UInt8]) {
        (self.number, isArrival, frames) = (number, false, [])
        start()
        bytes.append(addingCapacity: RecordEntry.overhead + list.count) { $0.append(.segments, list.span) }
        shortCount = bytes.count
    }

    private func start() {
        tellsMessages = false

        // A large call does not leave its room behind.
        bytes.removeAll(keepingCapacity: bytes.capacity <= 262_144)
    }
}

extension Call {
    /// As `CallField.ordinaryFields` says.
    fileprivate var isOrdinary: Bool {
        issuance == nil && token == nil && recording == nil && !isUnmatched && faults.isEmpty && upstream == nil
    }
}

extension Masking {
    /// What the record of a call takes at most.
    fileprivate func room(for call: borrowing Call) -> Int {
        func length(_ text: String?) -> Int { text?.utf8.count ?? 0 }
        let mask = SecretName.mask.utf8CodeUnitCount
        var room = CallField.allCases.count * RecordEntry.overhead + FrameRun.recordCount
        room += call.request.head.count + 4 * call.request.fields.count + mask * head.masked.count
        room += length(call.space) + length(call.agent) + length(call.operation) + length(call.qualifier)
        room += length(call.session) + length(call.user) + length(call.principal) + length(call.rule) + 3 * mask
        room += length(canonicalRequest) + requestBody.count + replyBody.count
        room += length(call.token?.id) + length(call.trace) + length(call.recording) + length(authWhy) + length(why)
        if let issuance = call.issuance { room += length(issuance.grant) + length(issuance.client) }
        if let auth = call.auth { room += length(auth.scheme) + 9 + length(auth.stringToSign) }
        if let reply = call.reply { room += reply.fields.bytes.count + mask * replyFields.masked.count }
        if let upstream = call.upstream { room += upstream.url.utf8.count + length(upstream.error) }
        // JSON writes a character in six at most, and beside the texts four names.
        for fault in call.faults { room += 6 * (length(fault.name) + length(fault.fault) + length(fault.why)) + 64 }
        return room
    }
}

extension FrameRun {
    static let recordCount = 48
}
