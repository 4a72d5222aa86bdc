import Delivery
import HTTPWire
import Testing

@Suite("Speed") struct SpeedTests {
    @Test("a number from a thousandth to a million, and back as JSON writes it")
    func reading() {
        #expect(["2", "0.5", "1e3", "10.0", "0.001"].compactMap(Speed.read) == [2, 0.5, 1_000, 10, 0.001])
        #expect([2, 0.5, 1_000].map(Speed.text) == ["2", "0.5", "1000"])
        #expect(Speed.read("max").map(Speed.text) == "max")
    }

    @Test(
        "anything else is no speed",
        arguments: ["", "0", "-2", "0.0001", "1000001", "nan", "inf", "infinity", "0x10", "fast", "2x", " 2"])
    func refused(text: String) { #expect(Speed.read(text) == nil) }
}

@Suite("Time in an answer") struct TimeInAnAnswerTests {
    private func left(_ steps: [Step], _ bender: any StepBender) -> [String] {
        BentSource.bend(ScriptedSource(steps), through: [bender]).script.steps.map { step in
            switch step {
            case .wait(let until): "wait \(until)"
            case .frames(let run): "frames \(run.range) due \(run.frameIndices.map(run.due))"
            case .body: "body"
            default: "\(step)"
            }
        }
    }

    private let steps: [Step] = {
        let frames = (0..<3).map { FrameScript.Frame(bytes: [1, 2], offset: Int64($0) * 500, gap: $0 == 0 ? 0 : 500) }
        let run = FrameRun(script: FrameScript(frames: frames), start: 1_000, seed: 7)
        return [.wait(until: 100), .body([1]), .frames(run), .end]
    }()

    @Test("what is due until a moment leaves, and then the connection ends")
    func lifetime() {
        let (wait, body) = ("wait 100", "body")
        #expect(left(steps, LifetimeBender(until: 99)) == ["wait 99", "close"])
        #expect(
            left(steps, LifetimeBender(until: 1_499)) == [wait, body, "frames 0..<1 due [1000]", "wait 1499", "close"])
        #expect(
            left(steps, LifetimeBender(until: 1_500))
                == [wait, body, "frames 0..<2 due [1000, 1500]", "wait 1500", "close"])
        #expect(left(steps, LifetimeBender(until: 999)) == [wait, body, "frames 0..<0 due []", "wait 999", "close"])
        #expect(BentSource.bend(ScriptedSource(steps), through: [LifetimeBender(until: 2_000)]).script.steps == steps)
    }

    @Test("at the most everything is due at once, and what waits for ever still does")
    func most() {
        let never: [Step] = [.wait(until: .max / 2), .hang]
        #expect(left(steps, HasteBender(speed: Speed.most))[2] == "frames 0..<3 due [0, 0, 0]")
        #expect(left(never, HasteBender(speed: Speed.most))[0] == "wait \(Int64.max / 2)")
    }

    @Test("at twice the speed everything is due in half the time")
    func haste() {
        #expect(
            left(steps, HasteBender(speed: 2)) == ["wait 50", "body", "frames 0..<3 due [500, 750, 1000]", "end"])
    }
}
