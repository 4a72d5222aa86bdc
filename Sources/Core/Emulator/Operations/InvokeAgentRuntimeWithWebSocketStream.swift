import Bytes
import HTTPWire
import Runtime
import WebSocketWire

extension Operation {
    /// Opens a conversation: what the first rule that matches says to each message.
    static let invokeAgentRuntimeWithWebSocketStream = Operation(
        name: "InvokeAgentRuntimeWithWebSocketStream",
        routes: [Route(method: "GET", tail: "ws", opensConversation: true)],
        needsAccess: true, session: .optional, countsCalls: true, takesParameters: true,
        refuses: { call in
            if case .failure(let refusal) = Opening.read(call.request) { answer(refusal, call) } else { nil }
        }
    ) { call, library, _ in
        switch RuleStage.answer(call, library) {
        case .reply(let response): return .answered(opened(response, call))
        case .nothing(let misses):
            switch ReplayStage.answer(call, library) {
            case .reply(let response): return .answered(opened(response, call))
            case .nothing(let miss):
                return ForwardStage.pass(call)
                    ?? call.refusal(nearest: misses, miss, libraryHasRules: library.rules.count > 0)
            }
        }
    }

    /// Any other reply is an answer as to any call: the conversation does not open.
    private static func opened(_ response: ServiceResponse, _ call: OpenCall) -> ServiceResponse {
        guard case .conversation = response.content, case .success(let opening) = Opening.read(call.request)
        else { return response }
        var response = response
        response.open(opening, choosing: opening.protocols.first { $0 == BrowserToken.word })
        return response
    }

    /// "Before the upgrade errors are ordinary HTTP" (wire reference 5.1).
    private static func answer(_ refusal: OpeningRequest.Refusal, _ call: OpenCall) -> LineExit {
        var response = ServiceResponse(
            ErrorAnswer(
                status: refusal.status, errorType: "ValidationException",
                message: "This is no opening of a WebSocket (RFC 6455 4.2.1): \(refusal.description)"))
        for line in refusal.lines { response.fields.add(name: line.name.description, value: line.value) }
        return .answered(response)
    }
}

extension ServiceResponse {
    /// It is what opens the conversation.
    mutating func open(_ opening: OpeningRequest, choosing chosen: String?) {
        status = 101
        for line in opening.answer(choosing: chosen) { fields.add(name: line.name.description, value: line.value) }
    }
}

extension Opening {
    static func read(_ request: borrowing Request) -> Result<OpeningRequest, OpeningRequest.Refusal> {
        let request = copy request
        do throws(OpeningRequest.Refusal) {
            return .success(
                try OpeningRequest(
                    method: request.head[request.method], minorVersion: Int(request.minorVersion)
                ) { request.values(of: $0) })
        } catch {
            return .failure(error)
        }
    }
}

/// A browser's bearer token: `Sec-WebSocket-Protocol: base64UrlBearerAuthorization.<base64url of the token>,
/// base64UrlBearerAuthorization` (wire reference 5.1), as a page can set no other field.
enum BrowserToken {
    static let word = "base64UrlBearerAuthorization"

    /// The same request with the token where others have it.
    static func shown(_ request: Request) -> Request {
        guard request.place(of: .authorization) == nil else { return request }
        let beginning = Array((word + ".").utf8)
        let elements = request.values(of: "sec-websocket-protocol").flatMap { $0.split(separator: UInt8(ascii: ",")) }
        for element in elements {
            let name = element.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            guard name.starts(with: beginning) else { continue }
            let text = name.dropFirst(beginning.count).prefix { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
            // What is no base64url is no token either, not even one that stands there as it is: it is refused as one that
            // cannot be read, which no part of a token can be.
            let unreadable = text.prefix { $0 != UInt8(ascii: ".") }
            return request.adding(bearer: Base64.url.decode(text).map { $0[...] } ?? unreadable)
        }
        return request
    }
}

extension Request {
    fileprivate func adding(bearer token: ArraySlice<UInt8>) -> Request {
        var request = self
        let start = request.head.count
        request.head.append("authorization" as StaticString)
        let valueStart = request.head.count
        request.head.append("Bearer " as StaticString)
        request.head += token
        request.fields.append(FieldRange(name: start..<valueStart, value: valueStart..<request.head.count))
        return request
    }
}
