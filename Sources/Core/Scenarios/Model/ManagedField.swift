extension HeaderLine {
    /// What says where the answer ends, which no reply may get wrong by accident.
    private static let managed: Set<String> = [
        "content-length", "transfer-encoding", "connection", "keep-alive", "trailer", "upgrade",
    ]

    /// Whether the server itself sets the field of this name.
    package static func isManaged(_ name: String) -> Bool { managed.contains(name.lowercased()) }
}
