import Glibc
import Server
import Time

extension ServingSettings {
    /// What the command line says of TLS and of proxying.
    mutating func readSecurity(_ arguments: Arguments) throws(Failure) {
        tlsPort = try arguments.integer("--tls-port", in: 0...65_535).map { UInt16($0) }
        passesOthers = arguments.has("--proxy-others")
        authorityFolder = DataFolder.path
        switch (arguments.value("--tls-cert"), arguments.value("--tls-key")) {
        case (nil, nil): break
        case (let certificate?, let key?):
            guard tlsPort != nil else { throw .usage("--tls-cert is for the port that --tls-port opens: name one") }
            ownCertificate = (certificate, key)
        case (_?, nil): throw .usage("--tls-cert needs its key: --tls-key FILE")
        case (nil, _?): throw .usage("--tls-key needs its certificate: --tls-cert FILE")
        }
    }

    /// When silent WebSockets are pinged.
    mutating func readPing(_ arguments: Arguments) throws(Failure) {
        guard let text = arguments.value("--ws-ping") else { return }
        if text == "off" {
            conversations.silence = nil
        } else if let duration = Duration(text: text), duration > .zero {
            conversations.silence = duration.nanoseconds
        } else {
            throw .usage("--ws-ping is \(text): write a duration like 30s, or off")
        }
    }
}

/// Where a user's data of this program lies, by the XDG Base Directory Specification: `$XDG_DATA_HOME`, or
/// `$HOME/.local/share` when that is "either not set or empty".
enum DataFolder {
    /// Nil when neither is set.
    static var path: String? {
        // "All paths set in these environment variables must be absolute": others are to be ignored.
        if let data = variable("XDG_DATA_HOME"), data.hasPrefix("/") { return data + "/understudy" }
        return variable("HOME").map { $0 + "/.local/share/understudy" }
    }

    private static func variable(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}
