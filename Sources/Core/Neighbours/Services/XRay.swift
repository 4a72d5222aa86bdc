import JSON
import Journal

/// X-Ray: what my program did while it called its agents.
extension Neighbour {
    package static let xray = Neighbour(
        service: "xray", window: 300, wire: .rest(paths: ["PutTraceSegments": "/TraceSegments"]),
        operations: [Operation("PutTraceSegments", put)])

    private static func put(_ call: borrowing NeighbourCall) throws(NeighbourError) -> NeighbourResult {
        var fields = InputReader(call.input, "InvalidRequestException")
        let documents = try fields.requiredTexts("TraceSegmentDocuments", count: 0...1_000)
        try fields.finish()
        var segments: [TraceSegment] = []
        var unprocessed: [Value] = []
        for document in documents {
            switch SegmentDocument.read(document) {
            case .success(let segment): segments.append(segment)
            case .failure(let mistake): unprocessed.append(mistake.told)
            }
        }
        return .segments(segments, ["UnprocessedTraceSegments": .array(unprocessed)])
    }
}
