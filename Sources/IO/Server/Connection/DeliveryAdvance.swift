import Delivery
import HTTPWire

extension DeliveryRunner {
    /// Does everything that can be done now. Called again when its time has come, or when the socket has room.
    func advance(on connection: Connection) -> Progress {
        var output = connection.service.takeOutput()
        defer { connection.service.giveBack(output) }
        repeat {
            while let step {
                if let progress = take(step, &output, connection) {
                    dropDoneSteps()
                    return progress
                }
            }
            if let stop = flush(&output, connection) ?? takeMore(connection) { return stop }
        } while step != nil
        return .ended(outcomeAtEnd, writer.closesConnection ? .closes : .keepsAlive)
    }

    /// Asks the source for the steps that follow. Nil when there is none, or when it gave some.
    private func takeMore(_ connection: Connection) -> Progress? {
        guard !isEnded, let next = next(connection) else { return nil }
        switch next {
        case .waits(let until): return .waits(until: until)
        case .steps(let more):
            (rest, index) = (more, 0)
            goOn()
            return nil
        }
    }

    private func next(_ connection: Connection) -> NextSteps? {
        if let flowing {
            lastLooked = connection.service.loop.now
            return flowing.next(now: lastLooked)
        }
        guard hasSource else { return nil }
        lastLooked = connection.service.loop.now
        // Calls have no such limit: they are what the server is there for.
        if number == 0, !connection.service.mayMakePiece() { return .waits(until: lastLooked) }
        return source?.next(now: lastLooked)
    }

    /// On to the step that follows.
    private func goOn() {
        if index < rest.count {
            step = rest[index]
            index += 1
        } else {
            (step, rest, index) = (nil, [], 0)
        }
    }

    /// Does one step. Nil when it is done; otherwise what it waits for.
    private func take(_ step: Step, _ output: inout [UInt8], _ connection: Connection) -> Progress? {
        switch step {
        case .wait(let until):
            if let stop = flush(&output, connection) { return stop }
            lastLooked = connection.service.loop.now
            if lastLooked < arrived &+ until { return .waits(until: arrived &+ until) }
        case .head(let head):
            write(head, &output, connection)
        case .body(let bytes):
            goOn()
            return write(bytes, &output, connection)
        case .whole(let head, let body):
            write(head, &output, connection)
            self.step = .end
            return write(body, &output, connection)
        case .frames(let run):
            let stop = run.bytesPerSecond == nil ? send(run, &output, connection) : drip(run, &output, connection)
            if let stop { return stop }
        case .end:
            writer.appendEnd(to: &output)
            isEnded = true
            self.step = nil
            return nil
        case .close, .closeConversation:
            return flush(&output, connection) ?? .ended(.closed, .closes)
        case .reset:
            return flush(&output, connection) ?? .ended(.reset, .resets)
        case .hang:
            if let stop = flush(&output, connection) { return stop }
            isHanging = true
            return .hangs
        }
        goOn()
        return nil
    }

    private func write(_ head: ResponseHead, _ output: inout [UInt8], _ connection: Connection) {
        let service = connection.service
        writer.append(
            head, circumstances, date: service.date(at: lastLooked), server: service.product, to: &output)
    }

    /// A small piece joins what leaves next; a large one leaves from where it lies.
    private func write(_ bytes: [UInt8], _ output: inout [UInt8], _ connection: Connection) -> Progress? {
        guard bytes.count > 16_384, writer.hasBody else {
            writer.append(bytes, to: &output)
            return nil
        }
        let tail = writer.appendOpening(ofPiece: bytes.count, to: &output)
        return settle(connection.send(Pieces(output, bytes, tail)), &output, connection)
    }

    // MARK: Frames

    private func send(_ run: FrameRun, _ output: inout [UInt8], _ connection: Connection) -> Progress? {
        guard writer.hasBody else { return nil }
        let end = min(run.range.upperBound, run.script.frames.count)
        if frame < 0 {
            frame = Int32(clamping: run.range.lowerBound)
            firstUnnoted = frame
        }
        var now = connection.service.loop.now
        while case let next = Int(frame), next < end {
            let due = arrived &+ run.due(next)
            if due > now || output.count > 65_536 {
                if let stop = flush(&output, connection) { return stop }
                now = connection.service.loop.now
                if due > now { return .waits(until: due) }
            }
            if firstUnnoted == frame { framesStart = output.count }
            writer.append(run.script.frames[next].bytes, to: &output)
            frame += 1
        }
        // Also the last frame is pushed at once, whatever follows it.
        if let stop = flush(&output, connection) { return stop }
        frame = -1
        return nil
    }

    /// A run that drips: each piece of each frame at its own moment. A frame has left with its last piece.
    private func drip(_ run: FrameRun, _ output: inout [UInt8], _ connection: Connection) -> Progress? {
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

    /// Notes how late the frames were that have left: of those assembled, the ones that end before `sent`.
    private func noteFrames(sent: Int, at now: Int64) {
        guard firstUnnoted < frame, case .frames(let run) = step, run.bytesPerSecond == nil else { return }
        var start = framesStart
        while firstUnnoted < frame {
            let size = writer.countOnWire(ofPiece: run.script.frames[Int(firstUnnoted)].bytes.count)
            guard sent - start >= size else { break }
            log.note(lateness: now &- arrived &- run.due(Int(firstUnnoted)))
            firstUnnoted += 1
            start += size
        }
        framesStart = start - sent
    }

    // MARK: The socket

    /// Sends what is assembled. Nil when it has left.
    private func flush(_ output: inout [UInt8], _ connection: Connection) -> Progress? {
        if output.isEmpty { return nil }
        return settle(connection.send(output), &output, connection)
    }

    private func settle(_ sent: Transport.Sent, _ output: inout [UInt8], _ connection: Connection) -> Progress? {
        output.removeAll(keepingCapacity: true)
        switch sent {
        case .broken: return .gone
        case .all(let count):
            note(sent: count, at: connection.service.loop.now, isAll: true)
            return nil
        case .some(let count):
            note(sent: count, at: connection.service.loop.now, isAll: false)
            return .blocked
        }
    }

    /// `count` bytes left the socket, now or out of the backlog.
    func note(sent count: Int, at now: Int64, isAll: Bool) {
        noteSent(count, at: now)
        noteFrames(sent: isAll ? .max / 2 : count, at: now)
    }

    /// What most streams wait for at last, shared by all of them.
    private static let onlyEnd: [Step] = [.end]

    /// A parked answer holds no step that is behind it.
    private func dropDoneSteps() {
        guard index > 0 else { return }
        rest = rest[index...] == Self.onlyEnd[...] ? Self.onlyEnd : Array(rest[index...])
        index = 0
    }
}
