import Foundation
import Journal
import Support
import Testing

@testable import UnderstudyCLI

@Suite("Calls in a table") struct CallTableTests {
    private var call: CallLine {
        var call = SampleCall.full(12)
        call.session = String(repeating: "s", count: 200)
        return CallLine(call.record)
    }

    @Test(
        "no row is wider than the terminal, and all rows have their columns under the head's",
        arguments: [40, 60, 80, 120, 200])
    func fits(width: Int) {
        let table = CallTable(width: width, isColoured: false)
        let row = table.row(call)
        #expect(table.head.count <= width && row.count <= width, "\(row)")
        #expect(table.head.contains("STATUS") && row.contains(" 200 "))
        let place = table.head.distance(from: table.head.startIndex, to: table.head.range(of: "AGENT")!.lowerBound)
        #expect(row.dropFirst(place).hasPrefix("restaur"))
        #expect(table.head.contains("SESSION") == (width >= 100))
    }

    @Test("colour says that a call went wrong, and is left out where it is not wanted")
    func colour() {
        var refused = call
        refused.status = 503
        #expect(CallTable(width: 80, isColoured: true).row(refused).hasPrefix("\u{1B}[31m"))
        #expect(!CallTable(width: 80, isColoured: true).row(call).contains("\u{1B}"))
        #expect(!CallTable(width: 80, isColoured: false).row(refused).contains("\u{1B}"))
        refused.agent = "a/\u{1B}[2J"
        #expect(!CallTable(width: 80, isColoured: false).row(refused).contains("\u{1B}"))
    }
}
