import Foundation
import Testing

@testable import UnderstudyCLI

@Suite("The time of day") struct WallClockTests {
    @Test("is the system's, between two looks at it")
    func now() {
        let before = Date().timeIntervalSince1970
        let now = Double(WallClock.now.nanoseconds) / 1e9
        let after = Date().timeIntervalSince1970
        // A Double holds the present to a fraction of a microsecond.
        #expect(before - 1e-6 <= now && now <= after + 1e-6)
    }
}
