import JSON
import Library
import Testing

@testable import Store

@Suite("Faults in a library") struct FaultRowsTests {
    @Test("a fault that a person writes with SQL")
    func written() throws {
        let library = try EditedLibrary(
            """
            INSERT INTO faults (name, operation, fault, applies_on, parameters)
              VALUES ('slow', 'InvokeAgentRuntime', 'latency', '{"calls":"1-2"}', '{"delay":"2s","at":"headers"}');
            INSERT INTO faults (position, fault) VALUES (1, 'hang');
            """)
        var slow = FaultEntry(fault: "latency")
        slow.name = "slow"
        slow.operation = "InvokeAgentRuntime"
        slow.on = [.init("calls", .string("1-2"))]
        slow.parameters = [.init("delay", .string("2s")), .init("at", .string("headers"))]
        #expect(try library.read().faults == [FaultEntry(fault: "hang"), slow])
    }

    @Test("nonsense is named by its row and column")
    func nonsense() throws {
        let library = try EditedLibrary(
            unchecked: true, "INSERT INTO faults (fault, applies_on, parameters) VALUES ('hang', '[]', '7')")
        #expect(
            library.mistakes == [
                "table faults, row 1, column applies_on: is an array, not a JSON object",
                "table faults, row 1, column parameters: is a number, not a JSON object",
            ])
    }
}
