import HTTPWire

/// The way through a proxy to another server: RFC 9110 9.3.6, CONNECT.
struct ProxyTunnel {
    enum Progress: Equatable {
        case waits
        case open
        case refused(String)
    }

    let request: [UInt8]
    var isAsked = false
    private var parser = ResponseParser(answeringHead: true, limits: Limits())
    private var held: [UInt8] = []

    init(to url: HTTPURI, through proxy: HTTPURI) {
        let host = url.host.utf8.contains(UInt8(ascii: ":")) ? "[\(url.host)]" : url.host
        let authority = "\(host):\(url.port)"
        var fields = FieldBlock()
        if let credentials = proxy.credentials { fields.add("Proxy-Authorization", credentials) }
        var request: [UInt8] = []
        _ = RequestWriter.appendHead(
            method: Array("CONNECT".utf8), target: Array(authority.utf8), host: authority, fields: fields, length: nil,
            to: &request)
        self.request = request
    }

    mutating func read(_ bytes: Span<UInt8>) -> Progress {
        switch parser.read(bytes, from: 0, held: &held).event {
        case .needsMore: .waits
        case .response(let response) where (200..<300).contains(response.status): .open
        case .response(let response): .refused("answers CONNECT with \(response.status)")
        case .refused(let refusal): .refused("does not answer in HTTP: \(refusal.message)")
        }
    }
}
