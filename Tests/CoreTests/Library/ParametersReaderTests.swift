import JSON
import Library
import Testing

@Suite("Parameters in files") struct ParametersReaderTests {
    @Test(
        "every field is checked",
        arguments: [
            Refused(#""parameters": []"#, "parameters", "expected an object, found an array"),
            Refused(#""parameters": {"/a": 7}"#, #"parameters["/a"]"#, "expected a string or {"),
            Refused(#""parameters": {"/a": ""}"#, #"parameters["/a"]"#, "is empty"),
            Refused(#""parameters": {"/a": {"type": "String"}}"#, #"parameters["/a"]"#, #""value" is missing"#),
            Refused(
                #""parameters": {"/a": {"type": "Secret", "value": "x"}}"#, #"parameters["/a"].type"#,
                #""Secret" is not one of String, StringList, SecureString"#),
            Refused(
                #""parameters": {"/a": {"value": "x", "tier": "y"}}"#, #"parameters["/a"].tier"#,
                #""tier" is not known here"#),
            Refused(#""parameters": {"": "x"}"#, #"parameters[""]"#, #""" cannot be the name of a parameter"#),
            Refused(#""parameters": {"/a b": "x"}"#, #"parameters["/a b"]"#, "\"/a b\" cannot be the name"),
            Refused(#""parameters": {"/a//b": "x"}"#, #"parameters["/a//b"]"#, "\"/a//b\" has a level without a name"),
            Refused(#""parameters": {"a/b": "x"}"#, #"parameters["a/b"]"#, "\"a/b\" has levels and does not begin"),
            Refused(
                #""parameters": {"/a": "x", "/a": "y"}"#, #"parameters["/a"]"#, "\"/a\" stands in this object twice"),
        ])
    func refused(refused: Refused) { refused.isRefused() }

    @Test("a text is short for a parameter of the usual type, and leaves as it came")
    func written() throws {
        let members = #""parameters": {"/a": "x", "plain": {"type": "SecureString", "value": "y"}}"#
        let scenario = try fileHolding(members)
        #expect(
            scenario.parameters == [
                Parameter(name: "/a", value: "x"), Parameter(name: "plain", kind: .secure, value: "y"),
            ])
        #expect(ScenarioFile.value(of: scenario)["parameters"]?["/a"]?.text == "x")
        let text = String(decoding: ScenarioFile.write(scenario), as: UTF8.self)
        #expect(text.contains("SecureString"))
    }

    @Test("a parameter of the same name takes the other's place")
    func added() throws {
        let one = try fileHolding(#""parameters": {"/a": "x", "/b": "y"}"#)
        let other = try fileHolding(#""parameters": {"/a": "z"}"#)
        #expect(one.adding(other).parameters.map(\.value) == ["z", "y"])
    }
}
