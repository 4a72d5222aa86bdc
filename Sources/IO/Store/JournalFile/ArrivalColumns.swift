import Bytes
import HTTPWire
import JSON
import Journal

/// What the arrival of a call says, in the order of `CallColumns.arrival` and without the id. Written where the call
/// arrives, into room that is made once.
enum ArrivalColumns {
    /// The call is only lent: a copy would count its two dozen parts up and down.
    static func append(_ call: borrowing Call, to content: inout [UInt8]) {
        let body = call.replyBody()
        let faults = call.faults.isEmpty ? nil : Value.array(call.faults.map(Value.string)).json()
        let room = room(for: call) + body.kept.count + length(faults)
        content.append(addingCapacity: room) { columns in
            columns.appendColumn(text: call.space)
            columns.appendColumn(Int(call.arrived.nanoseconds))
            columns.appendColumn(call.inFlight)
            append(call.request, to: &columns)
            columns.appendColumn(call.requestBodyBytes)
            appendNames(of: call, to: &columns)
            columns.appendColumn(text: call.rule)
            columns.appendColumn(text: faults)
            append(call.reply, body: body.kept, bodyBytes: body.bytes, to: &columns)
        }
    }

    private static func append(_ request: borrowing Request, to columns: inout OutputSpan<UInt8>) {
        let head = request.head.span
        columns.appendColumn(text: head.extracting(request.method))
        columns.appendColumn(text: head.extracting(request.target))
        columns.appendColumn(Int(request.minorVersion))
        columns.appendColumn(textOf: request.fieldsLength)
        request.appendFields(to: &columns)
        columns.appendColumn(blob: request.body.span)
    }

    private static func appendNames(of call: borrowing Call, to columns: inout OutputSpan<UInt8>) {
        columns.appendColumn(text: call.agent)
        columns.appendColumn(text: call.operation)
        columns.appendColumn(text: call.qualifier)
        columns.appendColumn(text: call.session)
        columns.appendColumn(text: call.user)
        columns.appendColumn(text: call.principal)
        columns.appendColumn(text: call.auth?.scheme)
        columns.appendColumn(text: call.auth?.verdict.rawValue)
        columns.appendColumn(text: call.auth?.why)
        columns.appendColumn(text: call.auth?.canonicalRequest)
        columns.appendColumn(text: call.auth?.stringToSign)
    }

    private static func append(
        _ reply: ReplyRecord?, body: [UInt8], bodyBytes: Int, to columns: inout OutputSpan<UInt8>
    ) {
        guard let reply else {
            for _ in 0..<4 { columns.appendNullColumn() }
            return
        }
        columns.appendColumn(reply.status)
        columns.appendColumn(text: reply.fields.bytes.span)
        columns.appendColumn(blob: body.span)
        columns.appendColumn(bodyBytes)
    }

    /// What its columns take, but for the faults and the reply's body.
    private static func room(for call: borrowing Call) -> Int {
        var room = CallColumns.arrival.count * ColumnContent.overhead
        room += call.request.method.count + call.request.target.count + call.request.fieldsLength
        room += call.request.body.count + (call.reply?.fields.bytes.count ?? 0)
        room += length(call.space) + length(call.agent) + length(call.operation) + length(call.qualifier)
        room += length(call.session) + length(call.user) + length(call.principal) + length(call.rule)
        if let auth = call.auth {
            room += length(auth.scheme) + length(auth.verdict.rawValue) + length(auth.why)
            room += length(auth.canonicalRequest) + length(auth.stringToSign)
        }
        return room
    }

    private static func length(_ text: String?) -> Int { text?.utf8.count ?? 0 }
}
