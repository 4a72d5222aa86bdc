import HTTPWire
import Support
import Testing

@Suite("ServerExchange") struct ServerExchangeTests {
    @Test("requests are answered one after the other, and an idle connection closes without a word")
    func keepAlive() {
        ServerTranscript.holds(
            #"""
            >> 0 opened
            << wait until 75.0
            >> 1 received GET /a HTTP/1.1\r\nHost: x\r\n\r\n
            << answer GET /a 
            >> 1 answer began
            << proceed
            >> 2 answer kept alive
            << wait until 77.0
            >> 3 received POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello
            << answer POST /b hello
            >> 3 answer began
            << proceed
            >> 3 answer kept alive
            << wait until 78.0
            >> 78 passed deadline
            << close
            >> 79 passed deadline
            << go on
            """#)
    }

    @Test("while a request is answered the next ones wait, and an answer that resets takes them along")
    func pipelining() {
        ServerTranscript.holds(
            #"""
            >> 0 received GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\nGET /c HTTP/1.1\r\nHost: x\r\n\r\n
            << answer GET /a 
            >> 0 answer began
            << proceed
            >> 0 waits 5
            << wait until 5.0
            >> 5 passed deadline
            << proceed
            >> 5 answer kept alive
            << wait until 80.0
            << answer GET /b 
            >> 5 answer began
            << proceed
            >> 5 answer reset
            << reset
            """#)
    }

    @Test("a client that waits for 100 Continue is told to go on, and its body may not stall")
    func continues() {
        ServerTranscript.holds(
            #"""
            >> 0 received POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n
            << send 100, wait until 30.0
            >> 1 received he
            << wait until 30.001953125
            >> 31 passed deadline
            << refuse 408 /
            >> 31 answer began
            << proceed
            >> 31 answer broke off
            << finish, read until 33.0
            >> 33 passed deadline
            << close
            """#)
    }

    @Test("a head has one deadline from its first byte on, whatever arrives of it; an empty line counts")
    func slowHead() {
        ServerTranscript.holds(
            #"""
            >> 0 opened
            << wait until 75.0
            >> 70 received \r\n
            << wait until 80.0
            >> 75 received GET / HT
            << go on
            >> 79 received TP/1.1\r\nHo
            << go on
            >> 80 passed deadline
            << refuse 408 unread
            """#, cuts: false)
    }

    @Test("what is not HTTP is refused; the client may say on for a while, and nobody listens")
    func refused() {
        ServerTranscript.holds(
            #"""
            >> 0 received GET /a HTTP/1.1\r\nHost: x\r\nBad Header: x\r\n\r\n
            << refuse 400 unread
            >> 0 answer began
            << proceed
            >> 0 answer broke off
            << finish, read until 2.0
            >> 1 received more
            << wait until 3.0
            >> 2.5 received GET / HTTP/1.1\r\nHost: x\r\n\r\n
            << wait until 4.5
            >> 30 received and more
            << close
            """#, cuts: false)
    }

    @Test("a body that is too long is refused with the head it came with, before it is sent")
    func tooLong() {
        var limits = Limits()
        limits.body = 10
        ServerTranscript.holds(
            #"""
            >> 0 received POST /big HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n
            << refuse 413 /big
            """#, limits: limits)
    }

    @Test("half a head and then the end is no request; an end after the last answer closes")
    func truncated() {
        ServerTranscript.holds(
            #"""
            >> 0 received GET / HTTP/1.1\r\nHo
            << wait until 10.0
            >> 1 ended client
            << go on
            >> 1 ended input
            << close
            """#)
    }

    @Test("a client that says nothing more is looked for at once, and again while its answer waits")
    func halfClosed() {
        ServerTranscript.holds(
            #"""
            >> 0 received GET / HTTP/1.1\r\nHost: x\r\n\r\n
            << answer GET / 
            >> 0 ended client
            << go on
            >> 0 answer began
            << proceed
            >> 0 waits 10
            << look for the client
            >> 0 looked there
            << proceed
            >> 0 waits 10
            << wait until 0.1
            >> 0.1 passed deadline
            << look for the client
            >> 0.1 looked there
            << proceed
            >> 0.1 answer kept alive
            << wait until 75.1
            >> 0.1 ended input
            << close
            """#)
    }

    @Test("a client that is gone takes no answer, told while it waits, or when it is next looked for")
    func gone() {
        ServerTranscript.holds(
            #"""
            >> 0 received GET / HTTP/1.1\r\nHost: x\r\n\r\n
            << answer GET / 
            >> 0 answer began
            << proceed
            >> 0 waits 10
            << wait until 10.0
            >> 1 ended client
            << look for the client
            >> 1 looked there
            << proceed
            >> 1 waits 1.05
            << wait until 1.05
            >> 1.05 passed deadline
            << look for the client
            >> 1.05 looked gone
            << close
            >> 1.05 broke
            << go on
            """#)
    }

    @Test("an answer that hangs waits for good, unless the client ends")
    func hangs() {
        ServerTranscript.holds(
            #"""
            >> 0 received GET / HTTP/1.1\r\nHost: x\r\n\r\n
            << answer GET / 
            >> 0 answer began
            << proceed
            >> 0 answer hangs
            << wait until for good
            >> 9 ended client
            << close
            """#)
    }

    @Test("a socket that takes nothing for too long is given up, and one that takes a little is not")
    func blocked() {
        ServerTranscript.holds(
            #"""
            >> 0 received GET / HTTP/1.1\r\nHost: x\r\n\r\n
            << answer GET / 
            >> 0 answer began
            << proceed
            >> 0 answer blocked
            << wait until 60.0
            >> 50 answer moved
            << wait until 110.0
            >> 60 answer stirred
            << go on
            >> 70 ended client
            << go on
            >> 100 answer flowed
            << proceed
            >> 100 answer blocked
            << wait until 160.0
            >> 160 passed deadline
            << close
            """#)
    }

    @Test("a call that is being decided is decided, whatever becomes of its client")
    func deciding() {
        ServerTranscript.holds(
            #"""
            >> 0 received GET / HTTP/1.1\r\nHost: x\r\n\r\n
            << answer GET / 
            >> 0 answer deferred
            << wait until for good
            >> 1 broke
            << go on
            >> 2 passed deadline
            << go on
            >> 3 answer began
            << proceed
            >> 3 failed
            << close
            """#)
    }

    @Test("after a last answer that was read whole the connection closes; with unread bytes it lingers first")
    func endings() {
        ServerTranscript.holds(
            #"""
            >> 0 received GET / HTTP/1.0\r\n\r\n
            << answer GET / 
            >> 0 answer began
            << proceed
            >> 0 answer closed
            << close
            """#)
        ServerTranscript.holds(
            #"""
            >> 0 received GET / HTTP/1.0\r\n\r\nmore
            << answer GET / 
            >> 0 answer began
            << proceed
            >> 0 answer stirred
            << proceed
            >> 0 answer closed
            << finish, read until 2.0
            >> 1 ended input
            << close
            """#, cuts: false)
    }

    @Test("an idle exchange is small")
    func size() { #expect(MemoryLayout<ServerExchange>.size <= 24) }
}
