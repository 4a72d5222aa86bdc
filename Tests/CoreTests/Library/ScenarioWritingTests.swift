import Emulator
import JSON
import Support
import Testing

@testable import Library
@testable import Rules

@Suite("Writing scenarios") struct ScenarioWritingTests {
    @Test("what is written is read back without loss")
    func random() throws {
        let seed: UInt64 = 20_260_115
        var random = RandomScenario(
            .valid, faults: Vocabulary.complete().faults, generator: SeededGenerator(seed: seed))
        for round in 0..<400 {
            let scenario = random.scenario()
            let (read, mistakes) = ScenarioFile.read(ScenarioFile.write(scenario), fileName: "f", .complete())
            #expect(read == scenario, "seed \(seed), round \(round): \(mistakes)")
            #expect(throws: Never.self, "seed \(seed), round \(round)") {
                var complete = scenario
                complete.files = ["a/b.bin": [1]]
                _ = try RuleBook(complete)
            }
        }
    }

    @Test("a file of this repository loses nothing on its way out and in", arguments: ScenarioFixtures.names)
    func fixtures(name: String) throws {
        let scenario = try #require(ScenarioFile.read(try ScenarioFixtures.bytes(name), fileName: name, .complete()).0)
        let written = ScenarioFile.write(scenario)
        #expect(ScenarioFile.read(written, fileName: name, .complete()).0 == scenario)
        #expect(try ScenarioFile.write(#require(ScenarioFile.read(written, fileName: name, .complete()).0)) == written)
    }

    @Test("the text is for people: one member a line, in the contract's order, nothing that was not said")
    func layout() throws {
        var scenario = Scenario()
        var rule = Rule(reply: Reply(.text("hi")))
        rule.name = "r"
        rule.reply.delay = .milliseconds(1_500)
        scenario.rules = [rule]
        #expect(
            String(decoding: ScenarioFile.write(scenario), as: UTF8.self) == """
                {
                  "understudy": 1,
                  "rules": [
                    {
                      "name": "r",
                      "reply": {
                        "text": "hi",
                        "delay": "1500ms"
                      }
                    }
                  ]
                }

                """)
    }

    @Test("a scenario from elsewhere is checked like a file")
    func check() {
        var scenario = Scenario()
        var rule = Rule(reply: Reply(.echo))
        rule.when = Condition()
        rule.when?.call = "often"
        scenario.rules = [rule]
        #expect(ScenarioFile.mistakes(in: scenario, name: "l", .complete()).map(\.path) == ["rules[0].when.call"])
    }
}
