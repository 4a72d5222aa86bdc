import Conversations
import Emulator
import Testing
import Time
import WebSocketWire

@testable import Delivery

@Suite("A silent client is pinged, and given up if it answers nothing") struct PingTests {
    private typealias Talk = InvokeAgentRuntimeWithWebSocketStreamTests.Talk

    private func talk(_ reply: String = #""echo": true"#, faults: String = "", silence: Duration? = .seconds(300))
        throws
        -> Talk
    {
        try Talk(InvokeAgentRuntimeWithWebSocketStreamTests.stage(reply, faults: faults), silence: silence)
    }

    /// A pong as a client sends it.
    private static let pong: [UInt8] = [0x8A, 0x80, 1, 2, 3, 4]
    private static let ping = "pingReceived([])"
    private static let givenUp = "close 1001 A ping was not answered"

    @Test("silence is pinged after its time, and ended after as much again")
    func unanswered() throws {
        let talk = try talk()
        talk.wait(.seconds(299))
        #expect(talk.said == [])
        talk.wait(.seconds(1))
        #expect(talk.said == [Self.ping])
        talk.wait(.seconds(299))
        #expect(talk.said == [])
        talk.wait(.seconds(1))
        #expect(talk.said == [Self.givenUp])
        #expect(talk.report == nil, "the client's close is waited for")
        talk.wait(.seconds(5))
        #expect(talk.report?.outcome == .closed)
    }

    @Test("who answers stays, whether the pong comes whole or byte by byte", arguments: [1, 2, 6])
    func answered(step: Int) throws {
        let talk = try talk(silence: .seconds(30))
        for _ in 0..<20 {
            talk.wait(.seconds(30))
            #expect(talk.said == [Self.ping])
            for start in stride(from: 0, to: Self.pong.count, by: step) {
                talk.hear(Array(Self.pong[start..<start + step]))
            }
        }
        talk.say(.message(.text, Array("hi".utf8)))
        #expect(talk.said == ["hi"])
    }

    @Test("whatever comes is a sign of life, and puts the next ping off")
    func signs() throws {
        let talk = try talk(silence: .seconds(30))
        for _ in 0..<5 {
            talk.wait(.seconds(29))
            talk.say(.message(.text, Array("hi".utf8)))
        }
        #expect(talk.said == [String](repeating: "hi", count: 5))
        // Half of a header, and after that nothing.
        talk.wait(.seconds(29))
        talk.hear([0x81])
        talk.wait(.seconds(29))
        #expect(talk.said == [])
        talk.wait(.seconds(1))
        #expect(talk.said == [Self.ping])
    }

    @Test("who talks on without a pong is there, and is pinged anew in the next silence")
    func deaf() throws {
        let talk = try talk(silence: .seconds(30))
        for _ in 0..<3 {
            talk.wait(.seconds(30))
            #expect(talk.said == [Self.ping])
            talk.wait(.seconds(20))
            talk.say(.message(.text, Array("hi".utf8)))
            #expect(talk.said == ["hi"])
        }
        talk.wait(.seconds(60))
        #expect(talk.said == [Self.ping, Self.givenUp])
    }

    @Test("who only listens is pinged between the messages, which come when they are due")
    func listening() throws {
        let talk = try talk(
            #""open": [{"text": "a", "after": "25s"}, {"text": "b", "after": "25s"}]"#, silence: .seconds(30))
        talk.wait(.seconds(60))
        #expect(talk.said == ["a", Self.ping, "b", Self.givenUp])
    }

    @Test("a pong to our ping is no use of the session, one that was not asked for is")
    func use() throws {
        let talk = try talk(silence: .seconds(30))
        let space = try #require(talk.stage.understudy.state.spaces.all.first)
        talk.wait(.seconds(30))
        space.clock.advance(by: .seconds(10 * 60), real: talk.stage.now)
        talk.hear(Self.pong)
        #expect(talk.said == [Self.ping])
        space.clock.advance(by: .seconds(10 * 60), real: talk.stage.now)
        talk.stir()
        #expect(talk.said == ["close 1001 The session was idle for too long"])
        let other = try self.talk(silence: .seconds(30))
        let itsSpace = try #require(other.stage.understudy.state.spaces.all.first)
        for _ in 0..<2 {
            itsSpace.clock.advance(by: .seconds(10 * 60), real: other.stage.now)
            other.hear(Self.pong)
        }
        other.stir()
        #expect(other.said == [])
    }

    @Test("a frozen clock of the space keeps nobody who is gone")
    func frozen() throws {
        let talk = try talk()
        let space = try #require(talk.stage.understudy.state.spaces.all.first)
        space.clock.freeze(true, real: talk.stage.now)
        talk.stir()
        talk.wait(.seconds(600))
        #expect(talk.said == [Self.ping, Self.givenUp])
    }

    @Test("nobody is pinged by a server that hangs, nor where that is switched off")
    func unasked() throws {
        let hung = try talk(
            #""open": [{"text": "a"}, {"text": "b", "after": "1s"}]"#, faults: #"{"fault": "stall", "frames": 1}"#)
        hung.wait(.seconds(800))
        #expect(hung.said == ["a"])
        let off = try talk(silence: nil)
        off.wait(.seconds(800))
        #expect(off.said == [])
    }
}
