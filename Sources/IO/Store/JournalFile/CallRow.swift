import Bytes
import Delivery
import HTTPWire
import Journal
import Time

/// A row of the journal as a call again.
struct CallRow {
    let row: Row

    /// The numbers below are places in this list.
    static let columns = (["id", "run", "number"] + CallColumns.arrival.dropFirst() + CallColumns.ending)
        .joined(separator: ", ")

    var call: Call? {
        guard let number = row.integer(2), let space = row.needed(3, row.text(3)),
            let arrived = row.needed(4, row.integer(4)), let request
        else { return nil }
        var call = Call(
            number: number, space: space, arrived: Instant(nanoseconds: Int64(arrived)), request: request,
            inFlight: row.integer(5) ?? 0)
        call.requestBodyBytes = row.needed(11, row.integer(11)) ?? 0
        call.agent = row.text(12)
        call.operation = row.text(13)
        call.qualifier = row.text(14)
        call.session = row.text(15)
        call.user = row.text(16)
        call.principal = row.text(17)
        call.auth = auth
        call.rule = row.text(23)
        call.faults = row.texts(24) ?? []
        call.reply = reply
        call.ending = ending
        call.restoredFrames = frames
        return call
    }

    private var request: Request? {
        guard let method = row.needed(6, row.blob(6)), let target = row.needed(7, row.blob(7)),
            let lines = row.needed(9, row.blob(9)), let body = row.needed(10, row.blob(10))
        else { return nil }
        return Request(
            method: method, target: target, minorVersion: row.integer(8) == 0 ? 0 : 1, fieldLines: lines, body: body)
    }

    private var auth: Call.Auth? {
        guard let scheme = row.text(18), let verdict = row.needed(19, row.choice(19, Call.Auth.Verdict.self)) else {
            return nil
        }
        var auth = Call.Auth(scheme: scheme, verdict: verdict, why: row.text(20))
        auth.canonicalRequest = row.text(21)
        auth.stringToSign = row.text(22)
        return auth
    }

    private var reply: ReplyRecord? {
        guard let status = row.integer(25) else { return nil }
        let fields = FieldBlock(bytes: FieldLines.wellFormed(row.blob(26) ?? []))
        var reply = ReplyRecord(status: status, fields: fields, body: row.blob(27) ?? [])
        reply.bodyBytes = row.integer(28) ?? reply.bodyBytes
        return reply
    }

    private var ending: Report? {
        guard let outcome = row.choice(29, Report.Outcome.self) else { return nil }
        return Report(
            outcome: outcome, firstByte: row.integer(30).map { Int64($0) }, ended: Int64(row.integer(31) ?? 0),
            bytes: row.integer(32) ?? 0)
    }

    private var frames: [FrameRecord]? {
        guard let text = row.blob(33) else { return nil }
        return FrameText.frames(text) ?? row.wrong(33, "is not a JSON array of frames")
    }
}

/// Header lines that somebody may have edited.
enum FieldLines {
    /// Each line as `Name: value` and CRLF, with a space for every control character; lines without a colon are let go.
    static func wellFormed(_ lines: [UInt8]) -> [UInt8] {
        var fields: [UInt8] = []
        for line in lines.split(separator: UInt8(ascii: "\n")) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            var value = line[(colon + 1)...]
            if value.first == UInt8(ascii: " ") { value.removeFirst() }
            if value.last == UInt8(ascii: "\r") { value.removeLast() }
            append(line[..<colon], to: &fields)
            fields.append(": ")
            append(value, to: &fields)
            fields.append("\r\n")
        }
        return fields
    }

    private static func append(_ bytes: ArraySlice<UInt8>, to fields: inout [UInt8]) {
        for byte in bytes { fields.append(byte < 0x20 && byte != 0x09 || byte == 0x7F ? 0x20 : byte) }
    }
}
