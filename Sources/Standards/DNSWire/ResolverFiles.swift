import Bytes

/// `/etc/hosts`, hosts(5): an address, then the names it has, `#` begins a comment.
package struct HostsFile: Equatable, Sendable {
    private var addresses: [String: [String]] = [:]

    package init(_ bytes: [UInt8]) {
        for line in ResolverFile.lines(of: bytes) {
            guard let address = line.first, line.count > 1 else { continue }
            for name in line.dropFirst() { addresses[name.lowercased(), default: []].append(address) }
        }
    }

    package func addresses(of host: String) -> [String] { addresses[host.lowercased()] ?? [] }
}

/// `/etc/resolv.conf`, resolv.conf(5): whom to ask, and how.
package struct ResolverConfiguration: Equatable, Sendable {
    /// At most three.
    package var servers: [String] = []
    /// What is added to names with few dots.
    package var search: [String] = []
    /// A name with this many dots is asked for as it is first.
    package var dots = 1
    package var timeoutSeconds = 5
    package var attempts = 2

    package init(_ bytes: [UInt8]) {
        for line in ResolverFile.lines(of: bytes) {
            switch line.first {
            case "nameserver" where line.count > 1 && servers.count < 3: servers.append(line[1])
            case "search", "domain": search = Array(line.dropFirst())
            case "options": for option in line.dropFirst() { read(option) }
            default: break
            }
        }
        // "If no nameserver entries are present, the default is to use the name server on the local machine."
        if servers.isEmpty { servers = ["127.0.0.1"] }
    }

    private mutating func read(_ option: String) {
        let parts = option.split(separator: ":")
        guard parts.count == 2, let number = Int(parts[1]), number >= 0 else { return }
        switch parts[0] {
        case "ndots": dots = min(number, 15)
        case "timeout": timeoutSeconds = min(max(1, number), 30)
        case "attempts": attempts = min(max(1, number), 5)
        default: break
        }
    }

    /// The names to ask for, one after the other.
    package func candidates(for host: String) -> [HostName] {
        let isWhole = host.hasSuffix(".")
        let others = isWhole ? [] : search.map { "\(host).\($0)" }
        let hasEnoughDots = host.utf8.filter { $0 == UInt8(ascii: ".") }.count >= dots
        return (isWhole || hasEnoughDots ? [host] + others : others + [host]).compactMap(HostName.init)
    }
}

enum ResolverFile {
    /// The words of each line, without comments.
    static func lines(of bytes: [UInt8]) -> [[String]] {
        bytes.split(separator: UInt8(ascii: "\n")).map { line in
            line.prefix { $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: ";") }
                .split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }.map { String(lossy: $0) }
        }
    }
}
