import Bytes
import HTTPWire
import Runtime
import Time

/// The space that a request names, made when it is named for the first time.
enum SpaceStage {
    /// The path is what is left of the request's when the name is taken off. A name that is no good is a mistake of the
    /// caller's; the call is then told so in the usual space.
    static func find(
        _ request: borrowing Request, _ spaces: inout Spaces, _ now: Instant
    ) -> (space: Space, path: Range<Int>, mistake: String?) {
        switch SpaceAddress(request) {
        case .usual(let path): return (spaces.usual, path, nil)
        case .named(let name, let path):
            if let space = spaces.space(named: name, now: now) { return (space, path, nil) }
            return (spaces.usual, path, "there are \(Spaces.most) spaces already: drop some")
        case .invalid(let name):
            return (
                spaces.usual, request.path,
                "“\(name)” is no name of a space: write letters, digits, - and _, 63 at most"
            )
        }
    }
}

/// Which space a request names. Signatures are verified over what the client really signed, so the request itself stays
/// as it is.
enum SpaceAddress {
    case usual(path: Range<Int>)
    case named(String, path: Range<Int>)
    case invalid(String)

    init(_ request: borrowing Request) {
        var path = request.path
        var name: ArraySlice<UInt8>?
        if let found = SpaceName.inPath(request.head[request.path]) {
            (name, path) = found
        } else {
            let host = request.targetAuthority ?? request.value(of: .host)
            name = request.value(of: .space) ?? host.flatMap(SpaceName.inHost)
            // A proxy's user is the space of whatever comes through it.
            if name == nil, !request.proxyUser.isEmpty { name = request.proxyUser[...] }
        }
        guard let name else {
            self = .usual(path: path)
            return
        }
        self = SpaceName.isValid(name) ? .named(String(lossy: name), path: path) : .invalid(String(lossy: name))
    }
}
