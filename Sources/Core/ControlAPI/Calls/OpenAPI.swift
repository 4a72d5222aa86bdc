extension ControlCalls {
    /// The control API, told to programs.
    static let openAPI = ControlCalls(
        ControlCall("GET", "openapi.json") { _, world in
            .json(
                OpenAPIDocument.value(of: ControlTable.all.flatMap(\.calls), version: world.server.version))
        })
}
