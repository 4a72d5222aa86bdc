import JSON
import Support
import Testing

@testable import Rules

@Suite("Sameness of values") struct EqualsTests {
    @Test(
        "numbers are the same by value, objects in any order",
        arguments: [
            ("1", "1.0"), ("10e-1", "1"), ("-0", "0.00"), ("1e2", "100"), ("0.5E+1", "5"), ("0", "0e999999999999"),
            (#"{"a": 1, "b": [true, null]}"#, #"{"b": [true, null], "a": 1.0}"#), ("[]", "[]"), (#""é""#, #""\u00e9""#),
            ("12345678901234567890123456789", "1.2345678901234567890123456789e28"),
        ])
    func same(left: String, right: String) throws {
        #expect(try Value.parse(left).means(Value.parse(right)))
        #expect(try Value.parse(right).means(Value.parse(left)))
    }

    @Test(
        "and differ otherwise",
        arguments: [
            ("1", "2"), ("1", "-1"), ("1", "10"), ("1", #""1""#), ("[1, 2]", "[2, 1]"), ("{}", "[]"), ("null", "false"),
            (#"{"a": 1}"#, #"{"a": 1, "b": 2}"#), (#"{"a": 1}"#, #"{"b": 1}"#),
            (#"{"a": 1, "a": 2}"#, #"{"a": 1, "a": 1}"#),
            ("1e99999999999999999999", "1e99999999999999999998"), ("12345678901234567", "12345678901234568"),
            (#""é""#, #""e\u0301""#),
        ])
    func different(left: String, right: String) throws {
        #expect(try !Value.parse(left).means(Value.parse(right)))
    }
}
