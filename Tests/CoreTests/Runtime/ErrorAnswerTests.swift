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

    @Test(
        "an A2A agent of 2025 has the codes of 2025, every other the newer ones",
        arguments: [
            (ServiceError.resourceNotFound, -32_051), (.validation, -32_052), (.throttling, -32_053),
            (.serviceQuotaExceeded, -32_053), (.conflict, -32_054), (.retryableConflict, -32_054),
            (.runtimeClient, -32_055), (.internalServer, nil), (.unauthorized, nil),
        ] as [(ServiceError, Int?)])
    func dialects(error: ServiceError, code: Int?) throws {
        func found(_ dialect: Dialect?) throws -> Int? {
            try Value.parse(ErrorAnswer(error, for: .a2a, dialect: dialect).body)["error"]?["code"]?.integer
        }
        let newer = try found(nil)
        #expect(try found(.y2026) == newer)
        if let code { #expect(newer == code) }
        #expect(try found(.y2025) == (code.map { $0 - 450 } ?? newer))
    }

    @Test("a validation error says why, and which fields; other errors have no more than their message")
    func violations() {
        let field = ErrorAnswer(Violation(of: "member", constraint: "Member must not be null"), for: .http)
        #expect(field.status == 400)
        #expect(field.errorType == "ValidationException")
        #expect(
            body(field)
                == #"{"message":"1 validation error detected: Value at 'member' failed to satisfy constraint: "#
                + #"Member must not be null","reason":"FieldValidationFailed","#
                + #""fieldList":[{"name":"member","message":"Member must not be null"}]}"#)
        #expect(
            body(ErrorAnswer(Violation("not JSON", reason: .cannotParse), for: .http))
                == #"{"message":"not JSON","reason":"CannotParse"}"#)
        #expect(
            body(ErrorAnswer(.validation, message: "no", for: .http))
                == #"{"message":"no","reason":"FieldValidationFailed"}"#)
        #expect(
            body(ErrorAnswer(Violation("no", reason: .cannotParse), for: .mcp))
                == #"{"jsonrpc":"2.0","id":null,"error":{"code":-32006,"message":"no"}}"#)
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
