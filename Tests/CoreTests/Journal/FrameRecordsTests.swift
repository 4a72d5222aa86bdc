import Delivery
import HTTPWire
import Journal
import Support
import Testing
import Time

@Suite("Frame records") struct FrameRecordsTests {
    let script = FrameScript(
        frames: [
            FrameScript.Frame(bytes: Array("data: a\n\n".utf8), offset: 0, gap: 0),
            FrameScript.Frame(bytes: Array("data: bc\n\n".utf8), offset: 30_000_000, gap: 30_000_000),
            FrameScript.Frame(bytes: Array("data: d\n\n".utf8), offset: 60_000_000, gap: 30_000_000),
        ])

    func call(range: Range<Int>? = nil, lateness: [Int64]? = nil) -> EndedCall {
        var call = Call(
            number: 1, space: "default", arrived: Instant(seconds: 0), request: .made(), inFlight: 1)
        call.reply = ReplyRecord(
            status: 200, fields: FieldBlock(),
            frames: FrameRun(script: script, range: range, start: 400_000_000, seed: 1))
        guard let lateness else { return EndedCall(call) }
        var log = FrameLog()
        for nanoseconds in lateness { log.note(lateness: nanoseconds) }
        return EndedCall(call, Report(outcome: .completed, firstByte: 1, ended: 2, frames: log))
    }

    @Test("a frame is due by the plan, sent by its noted lateness, and as long as the script says")
    func derived() {
        #expect(
            call(lateness: [0, 38_000, 5_500_999]).record.frameRecords == [
                FrameRecord(due: 400_000_000, sent: 400_000_000, bytes: 9),
                FrameRecord(due: 430_000_000, sent: 430_038_000, bytes: 10),
                FrameRecord(due: 460_000_000, sent: 465_500_000, bytes: 9),
            ])
    }

    @Test("frames that left together left in their order, although lateness is noted in whole microseconds")
    func together() {
        // Due 400 and 430 ms after the call, both sent at 500 ms and 999 ns.
        let sent = call(lateness: [100_000_999, 70_000_000]).record.frameRecords.map(\.sent)
        #expect(sent == [500_000_000, 500_000_000])
        let odd = FrameScript(
            frames: [
                FrameScript.Frame(bytes: [1], offset: 0, gap: 0), FrameScript.Frame(bytes: [2], offset: 700, gap: 700),
            ])
        var log = FrameLog()
        // Both left 2,000 ns after the call began: 2 µs and 1.3 µs late.
        for lateness: Int64 in [2_000, 1_300] { log.note(lateness: lateness) }
        let records = FrameRun(script: odd, start: 0, seed: 1).records(log)
        #expect(records.map(\.sent) == [2_000, 2_000] && records.map(\.due) == [0, 700])
    }

    @Test("only what left is told, and nothing while the call runs")
    func partial() {
        #expect(call(lateness: [0]).record.frameRecords.map(\.bytes) == [9])
        #expect(call(lateness: []).record.frameRecords == [])
        #expect(call().record.frameRecords == [])
        #expect(call(range: 1..<2, lateness: [7_000]).record.frameRecords.map(\.sent) == [430_007_000])
    }

    @Test("a report of more frames than planned, or a range beyond the script, makes none up")
    func inconsistent() {
        #expect(call(lateness: [0, 0, 0, 0, 0]).record.frameRecords.count == 3)
        #expect(call(range: 2..<9, lateness: [0, 0, 0]).record.frameRecords.count == 1)
        #expect(call(range: 7..<9, lateness: [0]).record.frameRecords.count == 0)
    }

    @Test("the frames of a call that was read back are those of the file")
    func restored() {
        let frames = [FrameRecord(due: 1, sent: -2, bytes: 3), FrameRecord(due: .max, sent: .min, bytes: 0)]
        var builder = RecordBuilder()
        builder.add(.replyBody, Array("data: a\n\n".utf8))
        builder.add(frames: frames)
        #expect(builder.record.frameRecords == frames)
        #expect(builder.record.replyBody().kept == Array<UInt8>("data: a\n\n".utf8)[...])
    }

    @Test("the body of a stream is what left, or, while it runs, what was due")
    func body() {
        #expect(call(lateness: [0, 0]).record.replyBody().kept == Array("data: a\n\ndata: bc\n\n".utf8)[...])
        #expect(call(lateness: [0, 0]).record.replyBody().bytes == 19)
        #expect(call().record.replyBody().kept == [])
        #expect(call().record.replyBody(now: Instant(nanoseconds: 399_999_999)).kept == [])
        #expect(
            call().record.replyBody(now: Instant(nanoseconds: 430_000_000)).kept
                == Array("data: a\n\ndata: bc\n\n".utf8)[...])
        #expect(call().record.replyBody(now: Instant(nanoseconds: .max)).bytes == 28)
    }

    @Test("the body of a long stream is kept up to the limit and counted in full")
    func longBody() {
        var call = call()
        let frame = FrameScript.Frame(bytes: [UInt8](repeating: 0x61, count: 300_000), offset: 0, gap: 0)
        call.reply?.frames = FrameRun(
            script: FrameScript(frames: Array(repeating: frame, count: 5)), start: 0, seed: 1)
        let body = call.record.replyBody(now: Instant(nanoseconds: 0))
        #expect(body.kept.count == KeptBody.limit)
        #expect(body.bytes == 1_500_000)
    }

    @Test("a reply that is not streamed has the body it was given")
    func plain() {
        var call = call()
        call.reply = ReplyRecord(status: 200, fields: FieldBlock(), body: [1, 2])
        #expect(call.record.replyBody().kept == [1, 2])
        call.reply = nil
        #expect(call.record.replyBody().bytes == 0)
    }
}
