import EventLoop
import Support
import Testing

@Suite("Mailbox") struct MailboxTests {
    @Test("work left in the mailbox by another thread is done by the loop, in order")
    func mailbox() async throws {
        let loop = Unchecked(try Loop())
        let thread = RunningThread { loop.value.run() }
        let order = Gathered<Int>()
        for number in 0..<100 { loop.value.mailbox.post { order.add(number) } }
        loop.value.mailbox.post { loop.value.stop() }
        await thread.ended()
        #expect(order.all == Array(0..<100))
    }

    @Test("work that is left while work is done waits for the next turn")
    func nested() throws {
        let loop = try Loop()
        let order = Gathered<Int>()
        let mailbox = loop.mailbox
        mailbox.post {
            mailbox.post { order.add(2) }
            order.add(1)
        }
        loop.turn()
        #expect(order.all == [1])
        loop.turn()
        #expect(order.all == [1, 2])
    }
}
