import Glibc
import Pointing
import TLS

extension Command {
    static let ca = Command(
        name: "ca", usage: "ca [--print]",
        summary: "tells where the local certificate authority is, and how clients are made to trust it",
        notes: """
            The authority is made when it is first asked for, in $XDG_DATA_HOME/understudy. The first line is the path of its
            certificate, so that `understudy ca | head -1` is of use in scripts.
            """,
        options: [Option("--print", nil, "the certificate itself, as PEM")]
    ) { (arguments, console) throws(Failure) in
        if let word = arguments.words.first { throw .usage("“\(word)” means nothing here") }
        guard let folder = DataFolder.path else {
            throw Failure("there is no place for the certificate authority: neither XDG_DATA_HOME nor HOME is set")
        }
        let authority: LocalAuthority
        do throws(LocalAuthority.Refusal) { authority = try LocalAuthority(folder: folder, now: time(nil)) } catch {
            throw Failure(error.text)
        }
        if arguments.has("--print") {
            try console.print(String(decoding: authority.certificatePEM.dropLast(), as: UTF8.self))
        } else {
            try console.print(authority.path + "\n\n" + TrustSetting.text(certificate: authority.path))
        }
        return .good
    }
}
