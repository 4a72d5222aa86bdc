import CShims
import Delivery
import EventLoop
import Glibc
import Time

/// Hears what programs tell X-Ray's daemon: datagrams, each a segment. Each is a call in the journal.
final class XRayDaemon: Watcher {
    private let service: ServingLoop
    private let socket: Int32
    private var id = WatchID.none
    private var buffer = [UInt8](repeating: 0, count: 65_536)
    let port: UInt16

    init(service: ServingLoop, port wanted: UInt16) throws(StartError) {
        let host = service.settings.host
        let opened = shim_listen_datagram(host == "localhost" ? "127.0.0.1" : host, wanted)
        guard opened >= 0 else {
            throw StartError(listening: host, port: wanted, error: -opened, option: "--xray-daemon")
        }
        self.service = service
        socket = opened
        port = UInt16(clamping: shim_local_port(opened))
        do { id = try service.loop.add(self, descriptor: opened) } catch {
            shim_close(opened)
            throw .system(error)
        }
    }

    func changed(_ events: Events) { receiveAll() }
    func takeTurn() { receiveAll() }

    /// Edge-triggered: receives until nothing is left, but lets the others go first now and then.
    private func receiveAll() {
        for _ in 0..<64 {
            let count = buffer.withUnsafeMutableBytes { shim_receive(socket, $0.baseAddress, $0.count) }
            if count >= 0 {
                take(Array(buffer.prefix(Int(count))))
            } else if count == -Int64(EAGAIN) {
                return
            }
            // Anything else is what became of an earlier datagram (udp(7)): go on with the next.
        }
        service.loop.takeTurnLater(id)
    }

    private func take(_ datagram: [UInt8]) {
        let now = service.loop.now
        let answered = service.answering.receive(
            datagram: datagram, arrived: service.instant(at: now), inFlight: service.inFlight + 1)
        let number = answered.number
        let series = service.keeper.arrived(answered.call)
        service.keeper.join(answered.segments, in: nil)
        let outcome: Report.Outcome = answered.call.why == nil ? .completed : .refused
        service.keeper.ended(
            number, Report(outcome: outcome, firstByte: nil, ended: 0), epoch: service.keeper.epoch, series: series)
    }

    func close() {
        service.loop.remove(id)
        shim_close(socket)
    }
}
