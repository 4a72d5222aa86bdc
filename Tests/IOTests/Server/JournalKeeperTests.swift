import Delivery
import EventLoop
import HTTPWire
import Journal
import Testing
import Time

@testable import Server

@Suite("Journal keeper") struct JournalKeeperTests {
    private func call(_ number: Int) -> Call {
        let request = Request(
            head: [], method: 0..<0, target: 0..<0, path: 0..<0, query: nil, minorVersion: 1, fields: [])
        return Call(
            number: number, space: "default", arrived: Instant(nanoseconds: 0), request: request, inFlight: 1)
    }

    private let report = Report(outcome: .completed, firstByte: 1, ended: 2)

    @Test("who observes is told once a turn, and reads the changes in order")
    func changes() throws {
        let loop = try Loop()
        let keeper = try JournalKeeper(loop: loop, settings: ServingSettings(), writer: nil)
        var notices = 0
        let observer = keeper.observe { notices += 1 }
        keeper.arrived(call(1))
        keeper.arrived(call(2))
        keeper.ended(1, report, epoch: 0)
        #expect(notices == 0)
        loop.turn()
        #expect(notices == 1)
        var seen = 0
        var told: [CallChange] = []
        while let change = keeper.change(after: &seen) { told.append(change) }
        #expect(told == [.arrived(1), .arrived(2), .ended(1)])
        keeper.forget(observer)
        keeper.arrived(call(3))
        #expect(keeper.changeCount == 3)
    }

    @Test("who falls behind learns how much was missed")
    func missed() throws {
        let keeper = try JournalKeeper(loop: try Loop(), settings: ServingSettings(), writer: nil)
        _ = keeper.observe {}
        for number in 1...JournalKeeper.heldChanges * 2 { keeper.arrived(call(number)) }
        var seen = 0
        guard case .missed(let count) = keeper.change(after: &seen) else {
            Issue.record("nothing was missed")
            return
        }
        #expect(keeper.change(after: &seen) == .arrived(count + 1))
    }

    @Test("after a restart, the ending of an earlier call ends nobody else's")
    func restart() throws {
        let keeper = try JournalKeeper(loop: try Loop(), settings: ServingSettings(), writer: nil)
        keeper.arrived(call(1))
        keeper.clear(isRestart: true)
        #expect(keeper.log.count == 0)
        keeper.arrived(call(1))
        keeper.ended(1, report, epoch: 0)
        #expect(keeper.log.record(of: 1)?.ending == nil)
        keeper.ended(1, report, epoch: keeper.epoch)
        #expect(keeper.log.record(of: 1)?.ending == report)
    }

    @Test("a call that has ended is told with its ending")
    func callEnded() throws {
        let told = Box()
        var settings = ServingSettings()
        settings.noteEnded = { told.calls.append($0) }
        let keeper = try JournalKeeper(loop: try Loop(), settings: settings, writer: nil)
        keeper.arrived(call(1))
        keeper.ended(1, report, epoch: 0)
        #expect(told.calls.map(\.ending) == [report])
    }

    private final class Box: @unchecked Sendable { var calls: [CallRecord] = [] }
}
