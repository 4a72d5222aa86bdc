import Testing

@testable import UnderstudyCLI

@Suite("Arguments") struct ArgumentsTests {
    private static let options = [
        Option("--port", "N", "where"), Option("--claim", "K=V", "what", repeats: true), Option("--quiet", nil, "how"),
    ]

    private func read(_ words: String...) throws -> Arguments { try Arguments(words, options: Self.options) }

    private func message(_ words: String...) -> String? {
        do { _ = try Arguments(words, options: Self.options) } catch { return error.message }
        return nil
    }

    @Test("a value stands behind its option or behind =, and words may stand anywhere")
    func values() throws {
        let arguments = try read("a", "--port", "1", "b", "--claim=x=y", "--claim", "z=1", "--quiet", "-")
        #expect(arguments.words == ["a", "b", "-"])
        #expect(arguments.value("--port") == "1")
        #expect(arguments.all("--claim") == ["x=y", "z=1"])
        #expect(arguments.has("--quiet") && !arguments.has("--help"))
        #expect(try read("--", "--port").words == ["--port"])
        #expect(try read("--port", "-1").value("--port") == "-1")
        #expect(try read("--port=--quiet").value("--port") == "--quiet")
    }

    @Test("a quantity below zero is a word; an option that is not listed may be handed over")
    func others() throws {
        #expect(try read("-5m", "--port", "1").words == ["-5m"])
        let arguments = try Arguments(
            ["a", "--at", "frame 3", "--x=", "--on", "--port=1", "--off", "-6m", "--last"], options: Self.options,
            takesOthers: true)
        #expect(arguments.words == ["a"] && arguments.value("--port") == "1")
        #expect(arguments.others.map(\.name) == ["at", "x", "on", "off", "last"])
        #expect(arguments.others.map(\.value) == ["frame 3", "", nil, "-6m", nil])
        #expect(throws: Failure.usage("unknown option -x")) {
            try Arguments(["-x"], options: Self.options, takesOthers: true)
        }
    }

    @Test("what is wrong is named")
    func mistakes() {
        #expect(message("--prot", "1") == "unknown option --prot; did you mean --port?")
        #expect(message("-x") == "unknown option -x")
        #expect(message("--port") == "--port needs a value: --port N")
        #expect(message("--port", "--quiet") == "--port needs a value: --port N")
        #expect(message("--port", "") == "--port needs a value: --port N")
        #expect(message("--port=") == "--port needs a value: --port N")
        #expect(message("--port", "1", "--port=2") == "--port is given twice")
        #expect(message("--quiet=yes") == "--quiet takes no value")
        #expect(message("") == "one of the words is empty")
    }

    @Test(
        "whole numbers in their range, and nothing else",
        arguments: ["", "x", "1.5", "-1", "65536", "99999999999999999999", " 1", "1 "])
    func numbers(text: String) throws {
        #expect(throws: Failure.self) { try read("--port=\(text)").integer("--port", in: 0...65_535) }
        #expect(try read("--port=0").integer("--port", in: 0...65_535) == 0)
        #expect(try read("--port=65535").integer("--port", in: 0...65_535) == 65_535)
        #expect(try read().integer("--port", in: 0...65_535) == nil)
    }

    @Test("any 64 bits are a seed, and nothing else is")
    func seeds() throws {
        #expect(try read("--port=18446744073709551615").seed("--port") == .max)
        #expect(try read("--port=0").seed("--port") == 0)
        #expect(try read().seed("--port") == nil)
        for text in ["-1", "18446744073709551616", "x", "1.0", " 1"] {
            #expect(throws: Failure.usage("--port takes a whole number from 0, not “\(text)”")) {
                try read("--port=\(text)").seed("--port")
            }
        }
    }

    @Test("one of some words")
    func choices() throws {
        #expect(try read("--port=on").word("--port", among: ["on", "off"]) == "on")
        #expect(throws: Failure.usage("--port takes on or off, not “On”")) {
            try read("--port=On").word("--port", among: ["on", "off"])
        }
        #expect(try read().word("--port", among: ["on"]) == nil)
    }

    @Test("a token that no header field could carry", arguments: ["a b", "ä", "a\nb", "\u{7F}", "a\tb"])
    func tokens(text: String) throws {
        #expect(throws: Failure.self) { try read("--port=\(text)").token("--port") }
        #expect(try read("--port=a-Z_0.~+/=").token("--port") == "a-Z_0.~+/=")
    }
}
