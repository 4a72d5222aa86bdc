// Rules.  A bender takes the steps of one answer, one at a time, in order, and gives none, one or several for each. It
//         may hold back what it cannot decide yet; the last step makes it decide. What it delays it delays together with
//         everything behind it. What it gives a last step for is over: it is asked no more.
//         Whoever times what comes by what was heard of the answer's other end, as a conversation does, asks by how much
//         it would be delayed, so that one delay is no second one.
// Theory. Benders stand one behind the other, each sees what the one before it left. So a list of them over a source of
//         steps is a source of steps again, and bends a script, whose end is known at once, and a flow alike.

/// Changes an answer on its way out.
package protocol StepBender {
    /// Whether these steps leave as they are, it holds nothing back, and gives no reason should the last be among them.
    func leaves(_ steps: [Step]) -> Bool

    /// By how much what comes now leaves later.
    var shift: Int64 { get }

    /// Takes a step that is not the last, and appends what leaves in its stead.
    mutating func bend(_ step: Step, into bent: inout [Step])

    /// Takes the last step, and gives up what was held back. Returns why nothing was changed, or nil when something was.
    mutating func end(_ last: Step, into bent: inout [Step]) -> String?
}

extension StepBender {
    package func leaves(_ steps: [Step]) -> Bool { false }
    package var shift: Int64 { 0 }
}

/// A source whose steps are bent as they pass. Not generic over the source, which comes from other modules: the bending
/// would be compiled for none in particular, and look up its own types at every step.
package struct BentSource: StepSource {
    private struct Link {
        var bender: any StepBender
        /// It has given its last step.
        var isOver = false
        var reason: String?
    }

    private var source: any StepSource
    private var links: [Link]
    private var last: Step?

    package init(_ source: any StepSource, through benders: [any StepBender]) {
        self.source = source
        links = benders.map { Link(bender: $0) }
    }

    /// Why each of the benders changed nothing, nil for those that did. Known once the last step was given.
    package var reasons: [String?] { links.map(\.reason) }

    /// By how much what comes now leaves later, by all of them.
    package var shift: Int64 { links.reduce(0) { $0.later(by: $1.bender.shift) } }

    package mutating func next(now: Int64) -> NextSteps {
        var bent: [Step] = []
        while bent.isEmpty {
            switch source.next(now: now) {
            case .waits(let until): return .waits(until: until)
            case .steps(let steps) where !steps.isEmpty && leaves(steps): return unbent(steps)
            case .steps(let steps):
                bent.reserveCapacity(steps.count)
                for step in steps { enter(step, into: &bent) }
            }
        }
        if let last { conclude(with: last) }
        return .steps(bent.joined)
    }

    private mutating func enter(_ step: Step, into bent: inout [Step]) {
        guard case .whole = step else { return pass(step, to: 0, into: &bent) }
        for part in step.parts { pass(part, to: 0, into: &bent) }
    }

    private func leaves(_ steps: [Step]) -> Bool {
        for link in links where link.isOver || !link.bender.leaves(steps) { return false }
        return true
    }

    /// Nearly every answer: nothing bends it.
    private mutating func unbent(_ steps: [Step]) -> NextSteps {
        for step in steps where step.isLast { last = last ?? step }
        if last != nil { for index in links.indices { links[index].isOver = true } }
        return .steps(steps.joined)
    }

    /// Whoever takes the steps wants no more of them: for those that bend them, the answer ends here.
    package mutating func abandon() {
        guard last == nil else { return }
        last = .close
        conclude(with: .close)
    }

    private mutating func pass(_ step: Step, to index: Int, into all: inout [Step]) {
        guard index < links.count else {
            if last == nil { all.append(step) }
            if step.isLast { last = last ?? step }
            return
        }
        guard !links[index].isOver else { return }
        var bent: [Step] = []
        if step.isLast {
            links[index].reason = links[index].bender.end(step, into: &bent)
        } else {
            links[index].bender.bend(step, into: &bent)
        }
        links[index].isOver = bent.last?.isLast ?? false
        for step in bent { pass(step, to: index + 1, into: &all) }
    }

    /// The answer was cut: for those that wait for more of it, it ended there.
    private mutating func conclude(with last: Step) {
        var unused: [Step] = []
        for index in links.indices where !links[index].isOver {
            links[index].reason = links[index].bender.end(last, into: &unused)
            links[index].isOver = true
        }
    }
}

extension BentSource {
    /// All of it, and why which bender changed nothing.
    package static func bend(
        _ script: ScriptedSource, through benders: [any StepBender]
    ) -> (script: ScriptedSource, reasons: [String?]) {
        var source = BentSource(script, through: benders)
        guard case .steps(let steps) = source.next(now: 0) else { return (script, source.reasons) }
        return (ScriptedSource(steps), source.reasons)
    }
}
