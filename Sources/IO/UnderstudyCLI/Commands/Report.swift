import HTTPWire
import JSON
import Reports
import Verdicts

extension Command {
    static let report = Command(
        name: "report", usage: "report breaker|backoff|refresh|calls [FILE|URL] [options]",
        summary: "draws what happened as a timeline: in the terminal, as SVG or as HTML",
        notes: """
            Without FILE or URL, the server on \(ServerAddress.usual). A report says which policy fits best; against a declared
            one it is drawn with --expectations.

              understudy report breaker
              understudy report backoff calls.sqlite --svg backoff.svg
            """,
        options: [
            Option("--svg", "FILE", "writes a picture that needs nothing else"),
            Option("--html", "FILE", "writes a page with the picture and its figures"),
            Option("--expectations", "FILE", "judges by the entries of this kind in a file of expectations"),
            Option("--space", "NAME", "only the calls of this space of a server"),
            Option("--run", "N", "of a journal file: this run of a server; the last one unless told"),
        ] + ServerOptions.access
    ) { (arguments, console) throws(Failure) in
        let words = ReportKind.allCases.map(\.rawValue)
        guard let word = arguments.words.first, let kind = ReportKind(rawValue: word), arguments.words.count <= 2 else {
            throw .usage("say \(words.joined(separator: ", ")), and one journal file or server at most")
        }
        let source = try reportSource(arguments)
        let (bytes, name) = try declared(kind, arguments)
        let by = try CallSource.expectations(bytes, name).map { ($0.name, $0.by) }
        var calls: [ReportedCall] = []
        try source.eachCall { (call) throws(Failure) in if let call = ReportedCall(call) { calls.append(call) } }
        let picture = Picture(
            kind, try source.findings(bytes, name, ProgressLine(console)),
            by: Dictionary(by, uniquingKeysWith: { first, _ in first }), calls)
        if let file = arguments.value("--svg") { try FileBytes.write(Array(picture.svg.utf8), to: file) }
        if let file = arguments.value("--html") { try FileBytes.write(Array(picture.html.utf8), to: file) }
        if !arguments.has("--svg"), !arguments.has("--html") {
            let text = picture.text(width: console.width, colour: console.isColoured)
            try console.print(String(text.dropLast()))
        }
        return .good
    }

    private static func reportSource(_ arguments: Arguments) throws(Failure) -> CallSource {
        let place = arguments.words.dropFirst().first ?? ServerAddress.usual
        guard Scheme(of: place) != nil else {
            try ServerOptions.refuseAccess(arguments, for: "a journal file")
            guard !arguments.has("--space") else { throw .usage("--space is for a server, not for a journal file") }
            return try .journal(place, run: try arguments.integer("--run", in: 1...Int.max))
        }
        guard !arguments.has("--run") else { throw .usage("--run is for a journal file") }
        let client = try ServerOptions.client(try ServerAddress(place), arguments)
        return .server(client) { ServerOptions.target(arguments, $0) }
    }

    /// The entries of this kind, as a file of their own; without a file, none with parameters.
    private static func declared(
        _ kind: ReportKind, _ arguments: Arguments
    ) throws(Failure) -> (bytes: [UInt8], name: String) {
        guard let path = arguments.value("--expectations") else { return (kind.undeclared.compact, "report") }
        let bytes = try FileBytes.read(path, most: 16 << 20)
        _ = try CallSource.expectations(bytes, path)
        guard let root = try? Value.parse(bytes, .handwritten) else { throw Failure("\(path): is no JSON") }
        guard let own = kind.entries(of: root) else { throw Failure("\(path): has no entry \"\(kind.expectation)\"") }
        return (own.compact, path)
    }
}
