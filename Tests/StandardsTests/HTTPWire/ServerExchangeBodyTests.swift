import HTTPWire
import Testing

@Suite("ServerExchange, bodies") struct ServerExchangeBodyTests {
    @Test("a body that trickles is cut by its rate, and one that keeps it by its total")
    func trickles() {
        ServerTranscript.holds(
            #"""
            >> 0 received POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\na
            << wait until 30.0
            >> 29 received b
            << wait until 30.001953125
            >> 30.001 received c
            << wait until 30.002929687
            >> 30.003 passed deadline
            << refuse 408 /
            """#, cuts: false)
        var timeouts = ServerExchange.Timeouts()
        (timeouts.bodyRate, timeouts.bodyTotal) = (1, 50_000_000_000)
        let script = #"""
            >> 0 received POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n0123456789
            << wait until 30.0
            >> 15 received 0123456789
            << wait until 45.0
            >> 35 received 0123456789
            << wait until 50.0
            >> 50 passed deadline
            << refuse 408 /
            """#
        #expect(ServerTranscript(script, timeouts: timeouts).lines == script.split(separator: "\n").map(String.init))
    }

    @Test("the next body on a connection has its own time")
    func nextBody() {
        ServerTranscript.holds(
            #"""
            >> 0 received POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na
            << wait until 30.0
            >> 1 received b
            << answer POST / ab
            >> 1 answer began
            << proceed
            >> 100 answer kept alive
            << wait until 175.0
            >> 101 received POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na
            << wait until 131.0
            """#)
    }

    @Test("a client that leaves in the middle of a body is looked for before it is refused")
    func leavesMidBody() {
        ServerTranscript.holds(
            #"""
            >> 0 received POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhello
            << wait until 30.0
            >> 1 ended client
            << go on
            >> 1 ended input
            << refuse 400 /
            >> 1 answer began
            << look for the client
            >> 1 looked gone
            << close
            """#)
        ServerTranscript.holds(
            #"""
            >> 0 received POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel
            << wait until 30.0
            >> 1 broke
            << refuse 400 /
            >> 1 answer began
            << look for the client
            >> 1 looked there
            << proceed
            >> 1 answer broke off
            << finish, read until 3.0
            """#)
    }
}
