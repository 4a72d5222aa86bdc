import Delivery
import HTTPWire
import Journal
import Support
import Testing
import Time

@Suite("Call log") struct CallLogTests {
    static func call(_ number: Int, body: Int = 0) -> Call {
        Call(
            number: number, space: "default", arrived: Instant(seconds: Int64(number)),
            request: .made("POST", "/", body: [UInt8](repeating: UInt8(number % 256), count: body)), inFlight: 1)
    }

    static let report = Report(outcome: .completed, firstByte: 1, ended: 2)

    @Test("a call is there from its arrival, and its ending joins it")
    func arrivalAndEnd() {
        var log = CallLog()
        log.append(Self.call(1))
        #expect(log.record(of: 1)?.ending == nil)
        let isHeld = log.end(1, Self.report)
        #expect(isHeld)
        #expect(log.record(of: 1)?.ending == Self.report)
        let isOtherHeld = log.end(2, Self.report)
        #expect(!isOtherHeld)
        #expect(log.record(of: 0) == nil)
    }

    @Test("beyond its count the oldest go, and an ending of one that is gone is no mistake")
    func countLimit() {
        var log = CallLog(limits: CallLog.Limits(calls: 3))
        for number in 1...10 { log.append(Self.call(number)) }
        #expect(log.calls().map(\.number) == [8, 9, 10])
        #expect(log.count == 3)
        #expect(log.dropped == 7)
        let isOldHeld = log.end(7, Self.report)
        #expect(!isOldHeld)
        let isNewHeld = log.end(9, Self.report)
        #expect(isNewHeld)
        #expect(log.record(of: 9)?.ending != nil)
        #expect(log.record(of: 8)?.ending == nil)
    }

    @Test("beyond its size the oldest go, but the newest stays however large it is")
    func sizeLimit() {
        var log = CallLog(limits: CallLog.Limits(calls: 100, bytes: 1_300))
        for number in 1...5 { log.append(Self.call(number, body: 400)) }
        #expect(log.calls().map(\.number) == [4, 5])
        #expect(log.bytes <= 1_300)
        log.append(Self.call(6, body: 5_000))
        #expect(log.calls().map(\.number) == [6])
        log.append(Self.call(7))
        #expect(log.calls().map(\.number) == [7])
    }

    @Test("a limit of none keeps none")
    func none() {
        var log = CallLog(limits: CallLog.Limits(calls: 0))
        log.append(Self.call(1))
        #expect(log.count == 0)
        #expect(log.dropped == 1)
        #expect(log.calls().isEmpty)
        let isHeld = log.end(1, Self.report)
        #expect(!isHeld)
    }

    @Test("numbers may have gaps and come late: the order stays theirs")
    func gaps() {
        var log = CallLog(limits: CallLog.Limits(calls: 5))
        for number in [10, 20, 40, 30, 50, 15] { log.append(Self.call(number)) }
        #expect(log.calls().map(\.number) == [15, 20, 30, 40, 50])
        for number in [15, 20, 30, 40, 50] {
            let isHeld = log.end(number, Self.report)
            #expect(isHeld, "\(number)")
        }
        for number in [Int.min, -1, 0, 10, 16, 45, 51, Int.max] { #expect(log.record(of: number) == nil, "\(number)") }
    }

    @Test("a query gives the newest that match, in order")
    func queries() throws {
        var log = CallLog()
        for number in 1...100 {
            var call = Self.call(number)
            call.session = number % 2 == 0 ? "even" : "odd"
            log.append(call)
        }
        #expect(try log.calls(matching: Query(parameters: [("limit", "3")])).map(\.number) == [98, 99, 100])
        #expect(
            try log.calls(matching: Query(parameters: [("session", "even"), ("limit", "2")])).map(\.number) == [
                98, 100,
            ])
        #expect(try log.calls(matching: Query(parameters: [("since", "97")])).map(\.number) == [98, 99, 100])
        #expect(
            try log.calls(matching: Query(parameters: [("since", "10"), ("until", "12")])).map(\.number) == [11, 12])
    }

    @Test("removed calls are gone, and the log goes on")
    func removing() {
        var log = CallLog(limits: CallLog.Limits(calls: 2))
        for number in 1...3 { log.append(Self.call(number)) }
        log.removeAll()
        #expect(log.count == 0)
        #expect(log.bytes == 0)
        #expect(log.dropped == 0)
        log.append(Self.call(4))
        #expect(log.calls().map(\.number) == [4])
    }

    @Test("it agrees with a plain list through random use", arguments: [UInt64(31), 32, 33])
    func model(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        var log = CallLog(limits: CallLog.Limits(calls: 20))
        var model: [Int: Bool] = [:]
        var number = 0
        for round in 0..<1_000 {
            switch Int.random(in: 0..<10, using: &chance) {
            case 0..<6:
                number += Int.random(in: 1...3, using: &chance)
                log.append(Self.call(number))
                model[number] = false
                if model.count > 20, let oldest = model.keys.min() { model[oldest] = nil }
            case 6..<9:
                let wanted = Int.random(in: max(0, number - 60)...number + 1, using: &chance)
                let isHeld = log.end(wanted, Self.report)
                #expect(isHeld == (model[wanted] != nil), "seed \(seed), round \(round)")
                if isHeld { model[wanted] = true }
            default:
                if round % 50 == 0 {
                    log.removeAll()
                    model = [:]
                }
            }
            let held = log.calls()
            #expect(held.map(\.number) == model.keys.sorted(), "seed \(seed), round \(round)")
            #expect(held.allSatisfy { ($0.ending != nil) == model[$0.number] }, "seed \(seed), round \(round)")
        }
    }
}
