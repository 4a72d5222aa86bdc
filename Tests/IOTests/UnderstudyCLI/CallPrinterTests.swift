import JSON
import Journal
import Support
import Testing

@testable import UnderstudyCLI

@Suite("Printing calls") struct CallPrinterTests {
    private func printed(isJSON: Bool, _ work: (CallPrinter) throws -> Void) rethrows -> String {
        let said = Gathered<[UInt8]>()
        let console = Console { _, bytes in
            said.add(bytes)
            return 0
        }
        try work(CallPrinter(isJSON: isJSON, console: console))
        return String(decoding: said.all.joined(), as: UTF8.self)
    }

    @Test("for programs, the call as the control API has it, on one line")
    func json() throws {
        let call = SampleCall.full(1).record
        for text in [
            try printed(isJSON: true) { try $0.print(call) }, try printed(isJSON: true) { try $0.print(call.json) },
        ] {
            #expect(text == call.json.json() + "\n")
            #expect(text.split(separator: "\n").count == 1)
        }
    }

    @Test("for people, a line")
    func text() throws {
        let call = SampleCall.full(1).record
        #expect(try printed(isJSON: false) { try $0.print(call) } == CallLine(call).text() + "\n")
        #expect(try printed(isJSON: false) { try $0.print(call.json) } == CallLine(call).text() + "\n")
    }

    @Test("nobody reads: that is told to whoever prints")
    func nobodyReads() {
        let printer = CallPrinter(isJSON: false, console: Console { _, _ in 32 })
        #expect(throws: Failure.nobodyReads) { try printer.print(SampleCall.bare(1).record) }
    }
}
