import HTTPWire

/// What browsers are told (the Fetch standard's CORS protocol), in the service's words (wire reference 1.4).
enum CrossOrigin {
    private static let exposed =
        "smithy-protocol,baggage,WWW-Authenticate,Date,Mcp-Session-Id,X-Amzn-Trace-Id,"
        + "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id,Mcp-Protocol-Version,tracestate,x-amzn-ErrorMessage,"
        + "traceparent,x-amzn-RequestId,x-amzn-ErrorType"
    private static let methods = "GET, POST, OPTIONS"

    static func add(to fields: inout FieldBlock, for request: Request) {
        guard request.place(of: "origin") != nil, fields.value(of: "Access-Control-Allow-Origin") == nil else { return }
        fields.add("Access-Control-Allow-Origin", "*")
        fields.add("Access-Control-Expose-Headers", exposed)
    }

    /// The answer to OPTIONS on any path; browsers send it without credentials, so nobody is asked for any. A `*` would
    /// not cover `Authorization`, so the headers asked for are named again.
    static func preflight(_ request: Request) -> Response {
        var response = Response(status: 200, fields: FieldBlock(), content: .bytes([]))
        response.fields.add("Allow", methods)
        add(to: &response.fields, for: request)
        if request.place(of: "access-control-request-method") != nil {
            response.fields.add("Access-Control-Allow-Methods", methods)
            if let headers = request.value(of: "access-control-request-headers") {
                response.fields.add("Access-Control-Allow-Headers", headers)
            }
            response.fields.add("Access-Control-Max-Age", "172800")
        }
        return response
    }
}
