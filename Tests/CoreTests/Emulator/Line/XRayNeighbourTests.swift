import Delivery
import Emulator
import JSON
import Journal
import Testing
import Time

@Suite("X-Ray") struct XRayNeighbourTests {
    private static let trace = "1-5759e988-bd862e3fe1be46a994272793"
    private static let good =
        #"{"name":"shop","id":"70de5b6f19ff9a0a","trace_id":"\#(trace)","start_time":1.5,"end_time":2}"#

    private func put(_ documents: [String]) throws -> (reply: Stage.Reply, segments: [TraceSegment]) {
        let stage = try Stage()
        let body: Value = ["TraceSegmentDocuments": .array(documents.map(Value.string))]
        let reply = try stage.ask("xray", "POST", "/TraceSegments", [], body.json())
        return (reply, stage.segments)
    }

    @Test("segments are taken, and their call is found by the trace")
    func taken() throws {
        let (reply, segments) = try put([Self.good])
        #expect(reply.status == 200 && reply.body == #"{"UnprocessedTraceSegments":[]}"#)
        #expect(reply.call.operation == "PutTraceSegments" && reply.call.trace == Self.trace)
        #expect(segments == [TraceSegment(traceID: Self.trace, document: Array(Self.good.utf8))])
    }

    @Test(
        "a document that is wrong is named, and the others are taken",
        arguments: [
            ("", "ParseError"), ("[]", "ParseError"), ("{}", "MissingId"), (#"{"id":"xyz"}"#, "InvalidId"),
            (#"{"id":"70de5b6f19ff9a0a"}"#, "MissingTraceId"),
            (#"{"id":"70de5b6f19ff9a0a","trace_id":"1-2-3"}"#, "InvalidTraceId"),
            (#"{"id":"70de5b6f19ff9a0a","trace_id":"\#(trace)"}"#, "MissingName"),
            (#"{"id":"70de5b6f19ff9a0a","trace_id":"\#(trace)","name":"a?"}"#, "InvalidName"),
            (#"{"id":"70de5b6f19ff9a0a","trace_id":"\#(trace)","name":"a"}"#, "MissingStartTime"),
            (#"{"id":"70de5b6f19ff9a0a","trace_id":"\#(trace)","name":"a","start_time":1}"#, "MissingEndTime"),
            (#"{"id":"70de5b6f19ff9a0a","trace_id":"\#(trace)","name":"a","start_time":"1"}"#, "InvalidStartTime"),
        ])
    func wrong(document: String, code: String) throws {
        let (reply, segments) = try put([document, Self.good])
        let told = reply.json?["UnprocessedTraceSegments"]?.array ?? []
        #expect(told.compactMap { $0["ErrorCode"]?.text } == [code])
        #expect(told.first?["Message"]?.text == "Invalid segment. ErrorCode: \(code)")
        #expect(segments.count == 1)
    }

    @Test("a segment that is still open is one, and so is W3C's way of writing a trace")
    func other() throws {
        let digits = "5759e988bd862e3fe1be46a994272793"
        let open =
            #"{"name":"ü 1","id":"70de5b6f19ff9a0a","trace_id":"\#(digits)","start_time":1.5,"in_progress":true}"#
        let segment = try #require(try put([open]).segments.first)
        #expect(segment.traceID == Self.trace)
        #expect(segment.isOf(Array(Self.trace.utf8)[...]) && segment.isOf(Array(digits.utf8)[...]))
        #expect(!segment.isOf(Array("1-5759e988-bd862e3fe1be46a994272794".utf8)[...]))
    }

    @Test("what is no list of documents is refused as X-Ray refuses it")
    func refused() throws {
        let reply = try Stage().ask("xray", "POST", "/TraceSegments", [], "{}")
        #expect(reply.status == 400 && reply.field("x-amzn-ErrorType") == "InvalidRequestException")
        #expect(reply.message?.contains("'traceSegmentDocuments' failed to satisfy constraint") == true)
        let stranger = try Stage().ask("xray", "POST", "/TraceSegments", [], "{}", secret: "x")
        #expect(stranger.status == 403 && stranger.field("x-amzn-ErrorType") == "InvalidSignatureException")
    }

    @Test("a datagram is the call that the daemon would make of it")
    func datagram() throws {
        let stage = try Stage()
        let text = #"{"format": "json", "version": 1}"# + "\n" + Self.good
        let taken = stage.understudy.receive(datagram: Array(text.utf8), arrived: stage.now, inFlight: 1)
        #expect(taken.segments.count == 1 && taken.call.trace == Self.trace && taken.call.why == nil)
        #expect(taken.call.auth == .init(scheme: "daemon", verdict: .unchecked))
        for wrong in ["", "x", "{}\n{}", "{\"format\":\"json\"}\n{}"] {
            let refused = stage.understudy.receive(datagram: Array(wrong.utf8), arrived: stage.now, inFlight: 1)
            #expect(refused.segments.isEmpty && refused.call.why?.contains("does not begin with") == true)
        }
    }

    @Test("documents gather in a list that does not grow for ever")
    func list() throws {
        let one = try #require(TraceSegment.list(adding: Array("{}".utf8), to: nil))
        let two = try #require(TraceSegment.list(adding: Array("{}".utf8), to: one[...]))
        #expect(String(decoding: two, as: UTF8.self) == "[{},{}]")
        #expect(TraceSegment.list(adding: [UInt8](repeating: 0x20, count: 262_144), to: two[...]) == nil)
    }
}
