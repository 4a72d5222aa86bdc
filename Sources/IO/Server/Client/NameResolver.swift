import Bytes
import CShims
import DNSWire
import EventLoop
import Glibc

// Rules.  The loop never waits for a name, and no thread does it in its stead: what stands in the files is read at once,
//         the rest is asked for by datagrams. A literal is its own address, and localhost is this machine, whatever a
//         server would say of it (RFC 6761 6.3).
// Theory. getaddrinfo would load what nsswitch.conf names, modules of another glibc than the one that is linked into the
//         static binary. So nobody calls it, commands included.

/// Finds the addresses of hosts.
package final class NameResolver {
    typealias Found = (Result<[String], NoAddress>) -> Void

    package struct NoAddress: Error, Equatable {
        package var reason: String
    }

    let loop: Loop
    private let files: Files
    private var known: [String: (addresses: [String], until: Int64)] = [:]
    private var running: [String: NameSearch] = [:]
    private static let mostKnown = 1_000
    private static let longest: Int64 = 300

    /// What the system says of names.
    struct Files: Sendable {
        var hosts: @Sendable () -> [UInt8]
        var configuration: @Sendable () -> [UInt8]
        /// Where name servers listen: 53, but in tests.
        var port: UInt16 = 53
    }

    init(loop: Loop, files: Files) {
        self.loop = loop
        self.files = files
    }

    /// `found` is told once, at once when nobody has to be asked.
    func resolve(_ host: String, _ found: @escaping Found) {
        let host = host.lowercased()
        if let address = Self.literal(host) { return found(.success([address])) }
        if host == "localhost" || host.hasSuffix(".localhost") { return found(.success(["127.0.0.1", "::1"])) }
        let listed = HostsFile(files.hosts()).addresses(of: host)
        if !listed.isEmpty { return found(.success(listed)) }
        if let known = known[host], known.until > loop.now { return found(.success(known.addresses)) }
        if let search = running[host] { return search.waiters.append(found) }
        let configuration = ResolverConfiguration(files.configuration())
        let search = NameSearch(host, configuration, port: files.port, loop: loop) { [unowned self] search, result in
            running[host] = nil
            if case .success(let found) = result { remember(host, found.addresses, seconds: found.seconds) }
            for waiter in search.waiters { waiter(result.map(\.addresses)) }
        }
        search.waiters.append(found)
        running[host] = search
        search.begin()
    }

    /// For commands, which may wait: on a loop of their own.
    package static func wait(for host: String) throws(NoAddress) -> [String] {
        let loop: Loop
        do throws(SystemError) { loop = try Loop() } catch { throw NoAddress(reason: "\(host): \(error.text)") }
        let resolver = NameResolver(loop: loop, files: .system)
        var result: Result<[String], NoAddress>?
        resolver.resolve(host) { result = $0 }
        // A search has a bounded number of attempts, each with its time.
        while true {
            if let result { return try withExtendedLifetime(resolver) { () throws(NoAddress) in try result.get() } }
            loop.turn()
        }
    }

    private func remember(_ host: String, _ addresses: [String], seconds: UInt32) {
        if known.count >= Self.mostKnown { known = [:] }
        known[host] = (addresses, loop.now &+ min(Int64(seconds), Self.longest) &* 1_000_000_000)
    }

    /// Only what can be an address; the system call has the last word.
    private static func literal(_ host: String) -> String? {
        let digits = host.utf8.allSatisfy { ASCII.isDigit($0) || $0 == UInt8(ascii: ".") }
        return digits || host.utf8.contains(UInt8(ascii: ":")) ? host : nil
    }
}

extension NameResolver.Files {
    static let system = NameResolver.Files(
        hosts: { content(of: "/etc/hosts") }, configuration: { content(of: "/etc/resolv.conf") })

    private static func content(of path: String) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var content = [UInt8](repeating: 0, count: 65_536)
        return Array(content[..<max(0, read(file, &content, content.count))])
    }
}

/// One host that is being asked for: each name it may mean, each server, one after the other, both families at once.
final class NameSearch: Watcher {
    typealias Finished = (NameSearch, Result<(addresses: [String], seconds: UInt32), NameResolver.NoAddress>) -> Void

    var waiters: [NameResolver.Found] = []
    private let host: String
    private let loop: Loop
    private let port: UInt16
    private let timeout: Int64
    private var finished: Finished?
    /// What is still to be tried.
    private var attempts: [(name: HostName, server: String)] = []
    private var current: HostName?
    private var socket: Int32 = -1
    private var id = WatchID.none
    private var isStream = false
    private var received: [UInt8] = []
    private var queries: [AddressQuery] = []
    private var addresses: [AddressQuery.Family: [String]] = [:]
    private var seconds = UInt32.max
    private var reason = "no name server answers"

    init(
        _ host: String, _ configuration: ResolverConfiguration, port: UInt16, loop: Loop, finished: @escaping Finished
    ) {
        self.host = host
        self.loop = loop
        self.port = port
        self.finished = finished
        timeout = Int64(configuration.timeoutSeconds) &* 1_000_000_000
        for name in configuration.candidates(for: host) {
            for _ in 0..<configuration.attempts {
                attempts += configuration.servers.map { (name, $0) }
            }
        }
    }

    func begin() {
        if attempts.isEmpty { reason = "it is no name of a host" }
        tryNext()
    }

    private func tryNext() {
        release()
        guard finished != nil else { return }
        guard !attempts.isEmpty else { return finish(.failure(.init(reason: "\(host): \(reason)"))) }
        let (name, server) = attempts.removeFirst()
        current = name
        addresses = [:]
        seconds = .max
        queries = AddressQuery.Family.allCases.map {
            AddressQuery(id: UInt16(truncatingIfNeeded: shim_random()), name: name, family: $0)
        }
        open(server, isStream: false)
    }

    private func open(_ server: String, isStream: Bool) {
        self.isStream = isStream
        received = []
        socket = isStream ? shim_connect(server, port) : shim_connect_datagram(server, port)
        guard socket >= 0, let id = try? loop.add(self, descriptor: socket) else { return tryNext() }
        self.id = id
        self.server = server
        loop.setDeadline(loop.now &+ timeout, for: id)
        if !isStream { send() }
    }
    private var server = ""

    private func send() {
        for query in queries {
            var message = query.message
            if isStream { message = [UInt8(message.count >> 8), UInt8(message.count & 255)] + message }
            _ = message.withUnsafeBytes { shim_send(socket, $0.baseAddress, $0.count, nil, 0, nil, 0) }
        }
    }

    func changed(_ events: Events) {
        if isStream, events.contains(.writable), received.isEmpty, shim_socket_error(socket) == 0 {
            if !hasSent { send() }
            hasSent = true
        }
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while socket >= 0 {
            let count = Int(buffer.withUnsafeMutableBytes { shim_receive(socket, $0.baseAddress, $0.count) })
            // A refused datagram is told here.
            if count <= 0 { return count == -11 ? () : tryNext() }
            take(Array(buffer[..<count]))
        }
    }
    private var hasSent = false

    private func take(_ bytes: [UInt8]) {
        guard isStream else { return answer(bytes) }
        received += bytes
        while received.count >= 2, finished != nil {
            let count = Int(received[0]) << 8 | Int(received[1])
            guard received.count >= count + 2 else { return }
            let message = Array(received[2..<count + 2])
            received.removeFirst(count + 2)
            answer(message)
        }
    }

    private func answer(_ message: [UInt8]) {
        for query in queries {
            switch query.answer(message) {
            case .foreign: continue
            case .truncated where !isStream:
                let server = server
                release()
                return open(server, isStream: true)
            case .truncated: return tryNext()
            case .noSuchName:
                reason = "there is no such name"
                attempts.removeAll { $0.name == current }
                return tryNext()
            case .failed(let code):
                reason = "the name server \(server) fails (code \(code))"
                return tryNext()
            case .addresses(let found, let time):
                addresses[query.family] = found
                if !found.isEmpty { seconds = min(seconds, time) }
                if addresses.count == queries.count { settle() }
                return
            }
        }
    }

    /// Both families are known.
    private func settle() {
        let all = AddressQuery.Family.allCases.flatMap { addresses[$0] ?? [] }
        if !all.isEmpty { return finish(.success((all, seconds))) }
        reason = "the name has no address"
        attempts.removeAll { $0.name == current }
        tryNext()
    }

    /// What is known of one family is enough when the other is not answered.
    func deadlinePassed() {
        let all = addresses.values.flatMap(\.self)
        if !all.isEmpty { return finish(.success((all, 0))) }
        tryNext()
    }

    private func release() {
        if id != .none { loop.remove(id) }
        if socket >= 0 { shim_close(socket) }
        (id, socket, hasSent) = (.none, -1, false)
    }

    private func finish(_ result: Result<(addresses: [String], seconds: UInt32), NameResolver.NoAddress>) {
        release()
        guard let finished else { return }
        self.finished = nil
        finished(self, result)
    }
}
