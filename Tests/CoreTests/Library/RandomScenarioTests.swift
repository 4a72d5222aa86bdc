import Emulator
import Library
import Rules
import Support
import Testing

@Suite("Random scenarios") struct RandomScenarioTests {
    /// Fields by `Type.name`, with whether one of them held something.
    private static func note(_ value: Any, _ fields: inout [String: Bool]) {
        let mirror = Mirror(reflecting: value)
        if value is RegularExpression { return }
        for child in mirror.children {
            if mirror.displayStyle == .struct, let label = child.label {
                fields["\(type(of: value)).\(label)", default: false] =
                    fields["\(type(of: value)).\(label)"] == true || holdsSomething(child.value)
            }
            note(child.value, &fields)
        }
    }

    private static func holdsSomething(_ value: Any) -> Bool {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional, .collection, .dictionary: return !mirror.children.isEmpty
        default: return true
        }
    }

    @Test("every field of the model is left out and filled in, every operator and every reply kind drawn")
    func coverage() {
        var fields: [String: Bool] = [:]
        var (operators, replies) = (Set<String>(), Set<String>())
        for shape in [RandomScenario<SeededGenerator>.Shape.valid, .any] {
            var random = RandomScenario(
                shape, faults: Vocabulary.complete().faults, generator: SeededGenerator(seed: 20_261_129))
            for _ in 0..<200 {
                let scenario = random.scenario()
                Self.note(scenario, &fields)
                for rule in scenario.rules {
                    replies.insert(type(of: rule.reply.kind).word)
                    let tests =
                        (rule.when?.payload.map(\.comparison) ?? []) + (rule.when?.header.map(\.comparison) ?? [])
                    operators.formUnion(tests.flatMap(\.operators).map { type(of: $0).word })
                }
            }
        }
        #expect(fields.filter { !$0.value }.keys.sorted() == [])
        #expect(fields["Rule.reply"] == true && fields["Agent.forward"] == true && fields.count > 60, "\(fields.count)")
        #expect(operators == Set(Operators.all.map { $0.word }))
        #expect(replies == Set(ReplyKinds.all.map { $0.word }))
    }
}
