import HTTPWire

/// The answer to OPTIONS on any path; browsers send it without credentials, so nobody is asked for any.
enum PreflightStage {
    private static let methods = "GET, POST, OPTIONS"

    static func answer(_ call: OpenCall) -> LineExit? {
        guard call.request.isMethod("OPTIONS") else { return nil }
        return .answered(response(to: call.request))
    }

    /// A `*` would not cover `Authorization`, so the headers asked for are named again.
    private static func response(to request: Request) -> ServiceResponse {
        var response = ServiceResponse(status: 200, fields: FieldBlock(), content: .bytes([]))
        response.fields.add("Allow", methods)
        CrossOrigin.add(to: &response.fields, for: request)
        if request.place(of: .requestedMethod) != nil {
            response.fields.add("Access-Control-Allow-Methods", methods)
            if let headers = request.value(of: .requestedHeaders) {
                response.fields.add("Access-Control-Allow-Headers", headers)
            }
            response.fields.add("Access-Control-Max-Age", "172800")
        }
        return response
    }
}
