import CShims
import Glibc
import Pointing
import TLS

extension Command {
    static let doctor = Command(
        name: "doctor", usage: "doctor [--json]",
        summary: "tells which programs here would reach the emulator, which the real service, and what to set",
        notes: """
            It looks at what a client looks at: variables, the shared AWS files, the hosts file, proxies, certificates, the
            clock. It knocks at ports of this machine that these name, and sends nothing anywhere else. Exit 1 when boto3, the
            AWS CLI, or the starter toolkit with an endpoint of its own would reach the real service. Other kinds of programs
            are listed and do not decide: whether one of them runs here cannot be seen ("decides": false in the JSON).
            """,
        options: [Option("--json", nil, "the same for programs")]
    ) { (arguments, console) throws(Failure) in
        if let word = arguments.words.first { throw .usage("“\(word)” means nothing here") }
        let diagnosis = Diagnosis(SurroundingsReader.read())
        let exit = diagnosis.reachesService ? Exit.verdictFailed : .good
        return try exit.evenUnread { () throws(Failure) in
            try console.print(arguments.has("--json") ? diagnosis.json.json() : diagnosis.text)
        }
    }
}

/// Reads what a client would read.
enum SurroundingsReader {
    static func read() -> Surroundings {
        var around = Surroundings()
        around.variables = variables()
        around.now = Int(shim_wall() / 1_000_000_000)
        let home = around["HOME"] ?? ""
        around.configFile = text(around["AWS_CONFIG_FILE"] ?? home + "/.aws/config")
        around.credentialsFile = text(around["AWS_SHARED_CREDENTIALS_FILE"] ?? home + "/.aws/credentials")
        around.hostsFile = text("/etc/hosts") ?? ""
        for path in around.filesToRead { around.files[path] = text(path) }
        if let folder = DataFolder.path, let authority = text(folder + "/ca.pem") {
            (around.authorityPath, around.authority) = (folder + "/ca.pem", authority)
        }
        let probe = HealthProbe(authority: around.authorityPath)
        for place in around.placesToAsk { around.answers[place] = probe.ask(place) }
        return around
    }

    private static func variables() -> [String: String] {
        var found: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let words = String(cString: entry)
            if let equals = words.firstIndex(of: "=") {
                found[String(words[..<equals])] = String(words[words.index(after: equals)...])
            }
            next += 1
        }
        return found
    }

    private static func text(_ path: String) -> String? {
        let read: [UInt8]?
        do throws(Failure) { read = try FileBytes.read(path, most: 4 << 20) } catch { read = nil }
        return read.map { String(decoding: $0, as: UTF8.self) }
    }
}
