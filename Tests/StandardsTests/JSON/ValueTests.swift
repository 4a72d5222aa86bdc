import JSON
import Testing

@Suite("JSON value") struct ValueTests {
    @Test("members and elements are found by name and index, from either end")
    func lookup() throws {
        let value = try Value.parse(#"{"a":[1,"x",null],"a":2,"é":true}"#)
        #expect(value["a"]?[0] == 1)
        #expect(value["a"]?[-1] == .null)
        #expect(value["a"]?[-3] == 1)
        #expect(value["é"] == true)
        for missing in [value["b"], value[0], value["a"]?["a"], value["a"]?[3], value["a"]?[-4], value["a"]?[.min]] {
            #expect(missing == nil)
        }
    }

    @Test("names and strings are compared code unit by code unit, not by their looks")
    func codeUnits() throws {
        let value = try Value.parse("{\"e\u{301}\":1}")
        #expect(value["\u{E9}"] == nil)
        #expect(value["e\u{301}"] == 1)
        #expect(Value.string("\u{E9}") != Value.string("e\u{301}"))
        #expect(Value.object([.init("\u{E9}", 1)]) != Value.object([.init("e\u{301}", 1)]))
    }

    @Test("two values are equal when their members come in the same order, their numbers in the same digits")
    func equality() throws {
        #expect(try Value.parse(#"{"a":1,"b":2}"#) != Value.parse(#"{"b":2,"a":1}"#))
        #expect(try Value.parse("1.0") != Value.parse("1"))
        #expect(try Value.parse("[1, 2]") == Value.parse("[1,2]"))
        #expect(Value.null != Value.bool(false))
    }

    @Test(
        "an integer is one that is written as an integer and fits",
        arguments: [
            ("0", 0), ("-0", 0), ("42", 42), ("-7", -7), ("9223372036854775807", Int.max),
            ("-9223372036854775808", Int.min), ("9223372036854775808", nil), ("1.0", nil), ("1e2", nil), ("\"1\"", nil),
        ] as [(String, Int?)])
    func integers(text: String, integer: Int?) throws { #expect(try Value.parse(text).integer == integer) }

    @Test(
        "a double is the nearest finite number",
        arguments: [
            ("1.5", 1.5), ("-0.1e1", -1), ("0.1", 0.1), ("9007199254740993", 9_007_199_254_740_992), ("1e-400", 0),
            ("1e400", nil), ("-1e400", nil), ("true", nil),
        ] as [(String, Double?)])
    func doubles(text: String, double: Double?) throws { #expect(try Value.parse(text).double == double) }

    @Test("what is asked for as another kind is nil")
    func kinds() {
        #expect(Value.string("a").text == "a")
        #expect(Value.number("1").text == nil)
        #expect(Value.bool(true).bool == true)
        #expect(Value.null.bool == nil)
        #expect(Value.array([1]).array == [1])
        #expect(Value.object([]).array == nil)
        #expect(Value.object([]).members == [])
        #expect(Value.array([]).members == nil)
        #expect(Value.null.isNull)
        #expect(!Value.bool(false).isNull)
        #expect(Value(nil as String?) == .null)
        #expect(Value(-5) == .number("-5"))
    }
}
