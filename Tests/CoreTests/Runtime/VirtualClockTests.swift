import Runtime
import Testing
import Time

@Suite("Virtual clock") struct VirtualClockTests {
    let noon = Instant(seconds: 1_768_478_400)

    @Test("it runs with real time until somebody moves it, and goes on running from there")
    func advance() {
        var clock = VirtualClock()
        #expect(clock.now(noon) == noon)
        clock.advance(by: .seconds(3_540), real: noon)
        #expect(clock.now(noon) == noon + .seconds(3_540))
        #expect(clock.now(noon + .seconds(1)) == noon + .seconds(3_541))
        clock.advance(by: .zero - .seconds(3_540), real: noon)
        #expect(clock.now(noon) == noon)
    }

    @Test("signatures keep real time, unless they are asked to go with the clock")
    func signatures() {
        var clock = VirtualClock()
        clock.advance(by: .seconds(3_540), real: noon)
        #expect(clock.signatureTime(noon) == noon)
        clock.movesSignatures = true
        #expect(clock.signatureTime(noon) == noon + .seconds(3_540))
    }

    @Test("frozen, it stands; let go, it runs on from where it stood")
    func freeze() {
        var clock = VirtualClock()
        clock.freeze(true, real: noon)
        #expect(clock.isFrozen)
        #expect(clock.now(noon + .seconds(100)) == noon)
        clock.advance(by: .seconds(5), real: noon + .seconds(100))
        #expect(clock.now(noon + .seconds(200)) == noon + .seconds(5))
        clock.freeze(false, real: noon + .seconds(200))
        #expect(clock.now(noon + .seconds(201)) == noon + .seconds(6))
    }

    @Test("it can be set to any moment that can be written, and no further")
    func set() {
        var clock = VirtualClock()
        let past = Instant(seconds: 1_000)
        clock.set(to: past, real: noon)
        #expect(clock.now(noon) == past)
        clock.advance(by: .seconds(9_000_000_000), real: noon)
        clock.advance(by: .seconds(9_000_000_000), real: noon)
        #expect(clock.now(noon).rfc3339Seconds.hasPrefix("22"))
        clock.advance(by: .zero - .seconds(9_000_000_000), real: noon)
        clock.advance(by: .zero - .seconds(9_000_000_000), real: noon)
        #expect(clock.now(noon) == Instant(nanoseconds: 0))
    }
}
