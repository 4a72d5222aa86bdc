extension Command {
    static let record = Command(
        name: "record", usage: "record [LIBRARY…] --upstream URL|--forward URL --into FILE.sqlite [options]",
        summary: "passes calls on and records what comes back",
        notes: """
            `serve` that passes on and records: everything that `serve` says of access, faults, sessions and the journal
            holds. The file is made, or continued if it is a recording. Secrets are replaced unless --keep-secrets; when
            it ends, another look says whether one is left: exit 1 if so. Replay it with `understudy serve FILE.sqlite`.
            """,
        options: [Option("--into", "FILE.sqlite", "the recording")] + servingOptions
    ) { (arguments, console) throws(Failure) in
        guard arguments.has("--into") else { throw .usage("--into FILE.sqlite is missing: where calls are recorded") }
        guard arguments.has("--upstream") || arguments.has("--forward") else {
            throw .usage("name who answers: --upstream URL for the service, or --forward URL for one agent")
        }
        return try serve(try ServePlan(arguments, recordingInto: "--into"), console)
    }
}
