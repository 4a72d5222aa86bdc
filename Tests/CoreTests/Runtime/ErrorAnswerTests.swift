import Bytes
import JSON
import Runtime
import Testing

@Suite("Error answer") struct ErrorAnswerTests {
    func body(_ answer: ErrorAnswer) -> String { String(lossy: answer.body) }

    @Test("HTTP callers see the exception in a header and a lower-case message")
    func native() {
        let answer = ErrorAnswer(.resourceNotFound, message: "gone", for: .http)
        #expect(answer.status == 404)
        #expect(answer.errorType == "ResourceNotFoundException")
        #expect(body(answer) == #"{"message":"gone"}"#)
    }

    @Test("MCP callers see JSON-RPC, mostly with status 200 and never an error type")
    func mcp() {
        let answer = ErrorAnswer(.runtimeClient, for: .mcp, requestID: .number("7"))
        #expect(answer.status == 200)
        #expect(answer.errorType == nil)
        #expect(
            body(answer)
                == #"{"jsonrpc":"2.0","id":7,"error":{"code":-32010,"message":"Tool execution error - Please check your CloudWatch logs for more information"}}"#
        )
        #expect(ErrorAnswer(.mcpRequestUnacceptable, for: .mcp).status == 406)
    }

    @Test("A2A callers see JSON-RPC with the real status, but a native denial")
    func a2a() {
        let answer = ErrorAnswer(.validation, for: .a2a, requestID: .string("req-001"))
        #expect(answer.status == 400)
        #expect(
            body(answer)
                == #"{"jsonrpc":"2.0","id":"req-001","error":{"code":-32052,"message":"Validation error - Invalid request data"}}"#
        )
        #expect(ErrorAnswer(.accessDenied, for: .a2a).errorType == "AccessDeniedException")
        #expect(ErrorAnswer(.serviceQuotaExceeded, for: .a2a).status == 429)
    }

    @Test("AG-UI callers see one RUN_ERROR event")
    func agui() {
        let answer = ErrorAnswer(.retryableConflict, for: .agui)
        #expect(answer.status == 409)
        #expect(answer.contentType.description == "text/event-stream")
        #expect(
            body(answer)
                == "data: {\"type\":\"RUN_ERROR\",\"code\":\"SESSION_BUSY\",\"message\":\"Session operation in progress, please retry\"}\n\n"
        )
        #expect(ErrorAnswer(.runtimeClient, for: .agui).status == 200)
    }

    @Test("a gateway's time-out names no exception")
    func gatewayTimeout() {
        #expect(ErrorAnswer(.gatewayTimeout, for: .http).errorType == nil)
    }
}
