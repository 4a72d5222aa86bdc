import Delivery
import HTTPWire

extension DeliveryRunner {
    /// A run that drips: each piece of each frame at its own moment. A frame has left with its last piece.
    func drip(_ run: FrameRun, _ output: inout [UInt8], _ connection: Connection) -> Progress? {
        guard writer.hasBody else { return nil }
        let end = min(run.range.upperBound, run.script.frames.count)
        var next = frame < 0 ? run.range.lowerBound : Int(frame)
        while next < end {
            frame = Int32(next)
            while Int(piece) < run.pieceCount(of: next) {
                let (place, due) = run.piece(Int(piece), of: next)
                let now = connection.service.loop.now
                if arrived &+ due > now { return flush(&output, connection) ?? .waits(until: arrived &+ due) }
                piece += 1
                writer.append(Array(run.script.frames[next].bytes[place]), to: &output)
                if let stop = flush(&output, connection) { return stop }
            }
            log.note(lateness: connection.service.loop.now &- arrived &- run.due(next))
            (next, piece) = (next + 1, 0)
        }
        frame = -1
        return nil
    }
}
