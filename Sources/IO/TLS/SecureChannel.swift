import COpenSSL

// Rules.  Nothing here waits: what cannot be done now says what it waits for, and is tried again with the same bytes. A
//         session that failed stays failed.
// Theory. Shaking hands is part of the first receive or send, and can be asked for by itself. A record holds 16 KB at
//         most: what leaves together goes into as few as possible, because each is a system call.

/// One TLS session over a socket, in either role.
package final class SecureChannel {
    package enum Outcome: Equatable {
        case moved(Int)
        /// Try again once the socket has something.
        case wantsRead
        /// Try again once the socket takes something.
        case wantsWrite
        /// The other side said that it will send nothing more.
        case ended
        case failed(SecureFailure)
    }

    private let session: OpaquePointer
    private let end: SocketEnd
    /// What made this session, and has to outlive it.
    private let maker: AnyObject
    /// Whom a client asked for; empty in a server.
    private let host: String
    package private(set) var failure: SecureFailure?

    /// Takes a session of its own out of `context`. Nil when there is no memory.
    init?(context: OpaquePointer, maker: AnyObject, descriptor: Int32, host: String = "") {
        guard let session = SSL_new(context) else { return nil }
        guard let end = SocketEnd(descriptor) else {
            SSL_free(session)
            return nil
        }
        SSL_set_bio(session, end.handle, end.handle)
        (self.session, self.end, self.maker, self.host) = (session, end, maker, host)
    }

    deinit { SSL_free(session) }

    /// For whoever sets it up: nothing else may hold it.
    func withSession<Result>(_ body: (OpaquePointer) -> Result) -> Result { body(session) }

    package var isShakingHands: Bool { SSL_is_init_finished(session) == 0 }

    /// All that the socket had was taken, and all of it was handed out: only an event can bring more.
    package var isDrained: Bool { end.isDrained && SSL_has_pending(session) == 0 }

    /// The name that the client asked for.
    package var serverName: String? {
        SSL_get_servername(session, TLSEXT_NAMETYPE_host_name).map { String(cString: $0) }
    }

    package var version: String { String(cString: SSL_get_version(session)) }
    package var isResumed: Bool { SSL_session_reused(session) == 1 }

    package func shakeHands() -> Outcome { attempt { SSL_do_handshake(session) } }

    package func receive(into buffer: UnsafeMutableBufferPointer<UInt8>) -> Outcome {
        attempt { SSL_read(session, buffer.baseAddress, Int32(clamping: buffer.count)) }
    }

    package func send(_ bytes: UnsafeRawBufferPointer) -> Outcome {
        if bytes.isEmpty { return .moved(0) }
        return attempt { SSL_write(session, bytes.baseAddress, Int32(clamping: bytes.count)) }
    }

    /// The most that a record holds: RFC 8446 5.1.
    private static let recordLength = 16_384

    /// What a record holds of three pieces. A session that could not write wants to be given the same bytes again, so how
    /// much that is depends on nothing but how much there is.
    package func send(
        _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer, _ third: UnsafeRawBufferPointer
    ) -> Outcome {
        let total = min(Self.recordLength, first.count + second.count + third.count)
        if first.count >= total { return send(UnsafeRawBufferPointer(rebasing: first.prefix(total))) }
        return withUnsafeTemporaryAllocation(byteCount: total, alignment: 1) { record in
            var filled = 0
            Self.add(first, to: record, &filled)
            Self.add(second, to: record, &filled)
            Self.add(third, to: record, &filled)
            return send(UnsafeRawBufferPointer(record))
        }
    }

    private static func add(
        _ piece: UnsafeRawBufferPointer, to record: UnsafeMutableRawBufferPointer, _ filled: inout Int
    ) {
        let part = piece.prefix(record.count - filled)
        UnsafeMutableRawBufferPointer(rebasing: record[filled...]).copyBytes(from: part)
        filled += part.count
    }

    private func attempt(_ call: () -> Int32) -> Outcome {
        if let failure { return .failed(failure) }
        Self.forgetErrors()
        let result = call()
        if result > 0 { return .moved(Int(result)) }
        switch SSL_get_error(session, result) {
        case SSL_ERROR_WANT_READ: return .wantsRead
        case SSL_ERROR_WANT_WRITE: return .wantsWrite
        case SSL_ERROR_ZERO_RETURN: return .ended
        default:
            let failure = SecureFailure(session: session, host: host, end: end)
            self.failure = failure
            return .failed(failure)
        }
    }

    /// Of what was done before on this thread: `SSL_get_error` would take it for the session's. To look is an eighth of
    /// clearing the room for sixteen, and there is seldom any.
    private static func forgetErrors() {
        if ERR_peek_error() != 0 { ERR_clear_error() }
    }

    /// RFC 8446 6.1: close_notify "notifies the recipient that the sender will not send any more messages on this
    /// connection". What the socket does not take of it is left out.
    package func finish() {
        guard failure == nil, end.error == 0, !isShakingHands, SSL_get_shutdown(session) & SSL_SENT_SHUTDOWN == 0
        else { return }
        Self.forgetErrors()
        SSL_shutdown(session)
        Self.forgetErrors()
    }
}
