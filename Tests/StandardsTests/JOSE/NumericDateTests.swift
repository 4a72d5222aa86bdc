import JSON
import Testing

@testable import JOSE

@Suite("NumericDate") struct NumericDateTests {
    private func nanoseconds(_ json: String) throws -> Int64? {
        NumericDate(try JSON.Value.parse(json))?.nanoseconds
    }

    @Test("whole and broken seconds, before and after 1970")
    func numbers() throws {
        #expect(try nanoseconds("1767225600") == 1_767_225_600_000_000_000)
        #expect(try nanoseconds("1767225600.5") == 1_767_225_600_500_000_000)
        #expect(try nanoseconds("1.7e9") == 1_700_000_000_000_000_000)
        #expect(try nanoseconds("-1") == -1_000_000_000)
        #expect(try nanoseconds("0") == 0)
    }

    @Test(
        "what 64 bits of nanoseconds cannot hold becomes the last moment that they can",
        arguments: [
            "9223372036854775807", "9223372036854775808", "99999999999999999999999", "1e300", "9300000000",
        ])
    func far(json: String) throws {
        #expect(try nanoseconds(json) == 9_200_000_000_000_000_000)
        #expect(try nanoseconds("-\(json)") == -9_200_000_000_000_000_000)
    }

    @Test(
        "what is no finite number is no time", arguments: ["1e400", "-1e400", "\"1767225600\"", "null", "true", "[1]"])
    func refused(json: String) throws {
        #expect(try nanoseconds(json) == nil)
    }
}
