import EventLoop
import Glibc

/// Finds the addresses of a host on a thread of its own: the system's way of asking waits, and the loop must not.
final class HostLookup {
    /// Counted by the loop.
    private var running = 0
    private static let most = 64

    private final class Work {
        let host: String
        let mailbox: Mailbox
        let found: @Sendable ([String]) -> Void

        init(_ host: String, _ mailbox: Mailbox, _ found: @escaping @Sendable ([String]) -> Void) {
            (self.host, self.mailbox, self.found) = (host, mailbox, found)
        }
    }

    /// Tells the loop of the mailbox what was found: nothing for a host that is not there. False when too much is asked at
    /// once, or there is no thread.
    func begin(_ host: String, _ mailbox: Mailbox, _ found: @escaping @Sendable ([String]) -> Void) -> Bool {
        guard running < Self.most else { return false }
        nonisolated(unsafe) let lookup = self
        let work = Unmanaged.passRetained(
            Work(host, mailbox) { addresses in
                lookup.running -= 1
                found(addresses)
            })
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { pointer in
                guard let pointer else { return nil }
                let work = Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue()
                let (addresses, found) = (HostLookup.addresses(of: work.host), work.found)
                work.mailbox.post { found(addresses) }
                return nil
            }, work.toOpaque())
        guard code == 0 else {
            work.release()
            return false
        }
        running += 1
        pthread_detach(thread)
        return true
    }

    private static func addresses(of host: String) -> [String] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &first) == 0 else { return [] }
        defer { freeaddrinfo(first) }
        var addresses: [String] = []
        var next = first
        while let place = next?.pointee, addresses.count < 8 {
            if let text = text(place), !addresses.contains(text) { addresses.append(text) }
            next = place.ai_next
        }
        return addresses
    }

    private static func text(_ place: addrinfo) -> String? {
        var buffer = [CChar](repeating: 0, count: 64)
        guard
            getnameinfo(
                place.ai_addr, place.ai_addrlen, &buffer, socklen_t(buffer.count), nil, 0, NI_NUMERICHOST) == 0
        else { return nil }
        return buffer.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } }
    }
}
