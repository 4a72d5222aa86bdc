import Emulator
import JSON
import Library

extension Command {
    static let schema = Command(
        name: "schema", usage: "schema > FILE", summary: "prints the JSON Schema of scenario files, for editors",
        notes: """
            understudy schema > understudy.schema.json, then "$schema": "./understudy.schema.json" in a scenario: the editor
            completes names and marks what is wrong while it is typed. `check` finds what no schema can say.
            """,
        options: []
    ) { (arguments, console) throws(Failure) in
        if let word = arguments.words.first { throw .usage("“\(word)” is too much: schema takes nothing") }
        try console.print(ScenarioSchema.value(.complete(faultsArmedAt: WallClock.now)).json(.pretty))
        return .good
    }
}
