import Bytes
import HTTPWire
import JSON
import Journal

/// How a service is spoken to: which operation is asked for, with what, and how answers and errors stand on the wire.
enum Wire: Sendable {
    /// "AWS query": a form with `Action` and `Version`; XML comes back.
    case query(version: String)
    /// "AWS JSON 1.1": the operation is in `X-Amz-Target`, behind this prefix and a dot.
    case json(target: String)
    /// "AWS REST JSON": each operation has a path.
    case rest(paths: [String: String])

    /// Whether the request has this shape, whatever it is signed for.
    func fits(_ request: borrowing Request, path: Range<Int>, signed: String?) -> Bool {
        switch self {
        case .query(let version):
            signed == nil && QueryXML.version(of: request) == version
        case .json(let target):
            request.text(of: "x-amz-target")?.hasPrefix(target + ".") == true
        case .rest(let paths):
            paths.values.contains(String(lossy: request.head[path]))
        }
    }

    /// The name of the operation, as far as the request tells one.
    func operation(_ request: borrowing Request, path: Range<Int>) -> String? {
        switch self {
        case .query: return QueryXML.parameter("Action", of: request)
        case .json(let target):
            return request.text(of: "x-amz-target").map { String($0.dropFirst(target.utf8.count + 1)) }
        case .rest(let paths):
            let path = String(lossy: request.head[path])
            return paths.first { $0.value == path }?.key
        }
    }

    /// The input of the operation, an object.
    func input(of request: borrowing Request) throws(NeighbourError) -> Value {
        switch self {
        case .query: return .object(QueryXML.parameters(of: request))
        case .json, .rest:
            if request.body.isEmpty { return .object([]) }
            guard request.body.count <= Self.mostInput,
                let value = try? Value.parse(request.body, .init(maximumDepth: 32)),
                value.members != nil
            else { throw NeighbourError("SerializationException", why: "the body is no JSON object") }
            return value
        }
    }

    /// The services take a megabyte.
    private static let mostInput = 1 << 20

    func answer(_ operation: String, _ value: Value, requestID: String) -> NeighbourAnswer {
        switch self {
        case .query(let version):
            NeighbourAnswer(200, "text/xml", QueryXML.answer(operation, value, version: version, requestID))
        case .json: NeighbourAnswer(200, "application/x-amz-json-1.1", value.compact)
        case .rest: NeighbourAnswer(200, "application/json", value.compact)
        }
    }

    func refusal(_ error: NeighbourError, requestID: String) -> NeighbourAnswer {
        var answer: NeighbourAnswer
        switch self {
        case .query(let version):
            let body = QueryXML.refusal(error, version: version, requestID)
            answer = NeighbourAnswer(QueryXML.status(of: error), "text/xml", body)
        case .json:
            var members: [Value.Member] = [.init("__type", .string(error.name))]
            if !error.message.isEmpty { members.append(.init("message", .string(error.message))) }
            // "400 for JSON-1.x": refusals of access, too.
            let status = error.status == 403 ? 400 : error.status
            answer = NeighbourAnswer(status, "application/x-amz-json-1.1", Value.object(members).compact)
        case .rest:
            let members: [Value.Member] = error.message.isEmpty ? [] : [.init("message", .string(error.message))]
            answer = NeighbourAnswer(error.status, "application/json", Value.object(members).compact)
            answer.errorType = error.name
        }
        answer.why = error.why ?? (error.message.isEmpty ? error.name : error.message)
        return answer
    }
}

/// What leaves.
package struct NeighbourAnswer {
    package let status: Int
    package let contentType: StaticString
    package let body: [UInt8]
    /// Pieces of traces that were taken.
    package var segments: [TraceSegment] = []
    /// What the journal keeps of the body, where that is something else.
    package var shown: [UInt8]?
    /// `x-amzn-ErrorType`
    package var errorType: String?
    /// Of a refusal: for the journal.
    package var why: String?

    init(_ status: Int, _ contentType: StaticString, _ body: [UInt8]) {
        (self.status, self.contentType, self.body) = (status, contentType, body)
    }
}
