import EventLoop
import Testing

@testable import Server

@Suite("Service") struct ServiceTests {
    private func service() throws -> Service {
        let loop = try Loop()
        let keeper = try Keeper(loop: loop, settings: ServingSettings(), writer: nil)
        return Service(
            loop: loop, settings: ServingSettings(), answering: ScriptedAnswers { _ in [] }, keeper: keeper)
    }

    @Test("the date is that of the second asked for")
    func date() throws {
        let service = try service()
        let now = service.loop.now
        let text = Array(service.instant(at: now).httpDate.utf8)
        #expect(service.date(at: now) == text)
        let later = Array(service.instant(at: now + 3_600_000_000_000).httpDate.utf8)
        #expect(service.date(at: now + 3_600_000_000_000) == later && later != text)
    }

    @Test("the output buffer keeps its memory, unless an answer made it very large")
    func output() throws {
        let service = try service()
        var buffer = service.takeOutput()
        buffer.append(contentsOf: repeatElement(1, count: 10_000))
        service.giveBack(buffer)
        buffer = service.takeOutput()
        #expect(buffer.isEmpty && buffer.capacity >= 10_000)
        buffer.reserveCapacity(1_000_000)
        service.giveBack(buffer)
        #expect(service.takeOutput().capacity < 1_000_000)
    }
}
