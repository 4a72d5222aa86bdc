import CShims
import Glibc
import Recording
import Time

/// What a recorded call is measured by: a connection that asks for it.
protocol FidelityStream: AnyObject {
    var socket: Int32 { get }
    /// Whether there is nothing left to be sent.
    var isSent: Bool { get }
    var isOver: Bool { get }
    /// When something is to be done even though nothing came: a moment of the monotonic clock.
    var patience: Int64 { get }
    var fidelity: StreamFidelity { get }
    /// The socket can be read, or written while something is left.
    func goOn() throws(Failure)
    func timePassed() throws(Failure)
}

extension FidelityStream {
    /// As much of it as is taken.
    static func send(_ rest: inout ArraySlice<UInt8>, _ socket: Int32) throws(Failure) {
        let bytes = Array(rest)
        let count = shim_send(socket, bytes, bytes.count, nil, 0, nil, 0)
        if count == -Int64(EAGAIN) || count == -Int64(EINTR) { return }
        guard count >= 0 else {
            throw Failure("the request was not taken: \(String(cString: strerror(Int32(-count))))")
        }
        rest = rest.dropFirst(Int(count))
    }

    /// How many bytes came; nil when none have, 0 or less when none will.
    static func receive(_ piece: inout [UInt8], _ socket: Int32) -> Int? {
        let count = shim_receive(socket, &piece, piece.count)
        return count == -Int64(EAGAIN) || count == -Int64(EINTR) ? nil : Int(count)
    }
}

/// One call on its way.
final class ReplayedStream: FidelityStream {
    let socket: Int32
    private let number: Int
    private var rest: ArraySlice<UInt8>
    private var sent: Int64 = 0
    private var reader = AnswerReader()
    private var comparison: ReplayComparison
    private(set) var isOver = false
    private var piece = [UInt8](repeating: 0, count: 65_536)

    init(_ number: Int, _ comparison: ReplayComparison, _ request: [UInt8], _ socket: Int32) {
        (self.number, self.comparison, self.socket) = (number, comparison, socket)
        rest = request[...]
    }

    var isSent: Bool { rest.isEmpty }
    var fidelity: StreamFidelity { comparison.stream(call: number + 1) }

    /// When it is certain that nothing more comes: a moment of the monotonic clock.
    var patience: Int64 { isSent ? sent.later(by: comparison.end).later(by: 2_000_000_000) : .max / 2 }

    func goOn() throws(Failure) {
        guard isSent else { return try send() }
        while !isOver {
            guard let count = Self.receive(&piece, socket) else { return }
            let now = shim_monotonic() - sent
            guard count > 0 else { return finish(reader.isEnded ? .whole : .cut) }
            take(Array(piece[..<count]), at: now)
            if reader.isEnded { finish(.whole) }
        }
    }

    private func send() throws(Failure) {
        try Self.send(&rest, socket)
        if isSent { sent = shim_monotonic() }
    }

    private func take(_ bytes: [UInt8], at moment: Int64) {
        reader.read(bytes) { event in
            switch event {
            case .head(let status): comparison.head(status: status)
            case .body(let range): comparison.body(bytes[range], at: moment)
            case .chunkEnded: comparison.chunkEnded()
            case .ended: break
            case .garbage: comparison.head(status: 0)
            }
        }
    }

    func timePassed() throws(Failure) { if !isOver, isSent, shim_monotonic() > patience { finish(.silent) } }

    private func finish(_ ending: ReplayComparison.Ending) {
        isOver = true
        comparison.ended(ending)
        shim_close(socket)
    }
}
