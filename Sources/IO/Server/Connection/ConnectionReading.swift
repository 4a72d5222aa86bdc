import Bytes
import CShims
import Glibc
import HTTPWire

extension Connection {
    /// Takes what came earlier, then what the socket has, until a request has to be answered first.
    func readOn() {
        if !unread.isEmpty {
            let bytes = unread
            unread = []
            bytes.withUnsafeBufferPointer { feed($0) }
        }
        var rounds = 0
        while phase == .reading, mayRead {
            // One fast client does not keep the others waiting.
            if rounds == 16 { return service.loop.takeTurnLater(id) }
            rounds += 1
            receive()
        }
    }

    private func receive() {
        let count = shim_receive(socket, service.input.baseAddress, service.input.count)
        if count > 0 {
            // A short read emptied the socket: whatever comes after it is told anew, but for an end already told.
            if count < service.input.count, !peerEnded { mayRead = false }
            feed(UnsafeBufferPointer(rebasing: service.input[..<Int(count)]))
        } else if count == -Int64(EAGAIN) {
            mayRead = false
        } else {
            close()
        }
    }

    private func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
        var parser = midway?.parser ?? RequestParser(limits: service.settings.limits)
        midway = nil
        if feed(bytes, to: &parser), phase == .reading { midway = MidwayParser(parser) }
    }

    /// Whether the bytes end inside a request.
    private func feed(_ bytes: UnsafeBufferPointer<UInt8>, to parser: inout RequestParser) -> Bool {
        var next = 0
        while next < bytes.count {
            let (end, event) = parser.read(Span(_unsafeElements: bytes), from: next, &service.latestHeads)
            next = end
            switch consume event {
            case .needsMore:
                awaitRest(parser)
                return true
            case .wantsContinue:
                // RFC 9110 10.1.1: "A server MAY omit sending a 100 (Continue) response if it has already received
                // some or all of the content".
                if next == bytes.count {
                    sendContinue()
                    return true
                }
            case .request(let request):
                (isMidRequest, hashesNothing) = (false, false)
                receive(whole: request)
            case .refused(let refusal):
                refuse(refusal, parser.head, UnsafeBufferPointer(rebasing: bytes[next...]))
                return false
            }
            if phase != .reading {
                if phase != .closed && phase != .lingering { unread = Array(bytes[next...]) }
                return false
            }
        }
        return false
    }

    private func receive(whole request: consuming Request) {
        if let bodyHash {
            request.bodyDigest = bodyHash.finish(request.body)
            self.bodyHash = nil
        }
        receive(request)
    }

    private func awaitRest(_ parser: borrowing RequestParser) {
        let timeouts = service.settings.timeouts
        if parser.isReadingBody {
            isMidRequest = true
            hashOnTheWay(parser)
            setDeadline(after: timeouts.body)
        } else if !isMidRequest {
            isMidRequest = true
            setDeadline(after: timeouts.head)
        }
    }

    private func hashOnTheWay(_ parser: borrowing RequestParser) {
        if bodyHash == nil, parser.bodyCount > BodyHash.threshold, !hashesNothing, let head = parser.head {
            bodyHash = BodyHash(head)
            hashesNothing = bodyHash == nil
        }
        bodyHash?.update(from: parser)
    }

    private func sendContinue() {
        isMidRequest = true
        var head: [UInt8] = []
        head.append(ResponseWriter.continueHead)
        guard case .all = send(head) else { return close() }
        setDeadline(after: service.settings.timeouts.body)
    }

    /// Nothing came for too long. An idle connection ends without a word; half a request is refused.
    func timeOut() {
        guard isMidRequest else { return close() }
        let what = midway?.parser.isReadingBody == true ? "body" : "head"
        refuse(Refusal(status: 408, message: "The request's \(what) did not arrive in time."), midway?.parser.head, nil)
    }
}

/// What was read of a request so far. Most requests come whole, so most connections never have one.
final class MidwayParser {
    let parser: RequestParser

    init(_ parser: RequestParser) { self.parser = parser }
}
