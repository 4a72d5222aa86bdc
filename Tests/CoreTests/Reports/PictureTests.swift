import JSON
import Testing
import Time
import Verdicts

@testable import Reports

@Suite("Pictures of what happened") struct PictureTests {
    private static let agent = "arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/search-ABC"
    private static let noon = Instant(seconds: 1_768_478_400)

    private static func call(_ number: Int, at seconds: Int64, _ status: Int, token: String? = nil) throws
        -> ReportedCall
    {
        let (arrived, ended) = (noon + .seconds(seconds), noon + .milliseconds(seconds * 1_000 + 20))
        let refreshed: Value =
            token.map {
                [
                    "id": .string($0), "issuedAt": .string(noon.rfc3339),
                    "expires": .string((noon + .seconds(300)).rfc3339),
                ]
            } ?? .null
        let json: Value = [
            "number": Value(number), "space": "worker-1", "agent": .string(agent), "principal": "anna",
            "operation": "InvokeAgentRuntime", "arrived": .string(arrived.rfc3339), "clock": .string(arrived.rfc3339),
            "endedClock": .string(ended.rfc3339), "status": Value(status), "outcome": "completed", "token": refreshed,
        ]
        return try #require(ReportedCall(json))
    }

    private static func picture(_ kind: ReportKind = .breaker, figures: [Value.Member] = figures) throws -> Picture {
        let finding: Value = [
            "name": "a <breaker>", "kind": "breaker", "space": "worker-1",
            "by": .string(kind == .refresh ? "anna" : agent), "verdict": "fail",
            "because": "it did not open after 5 failures", "calls": [1, 2, 3], "figures": .object(figures),
            "intervals": [
                [
                    "state": "closed", "from": .string(noon.rfc3339), "to": .string((noon + .seconds(60)).rfc3339),
                    "calls": [1],
                ],
                [
                    "state": "open", "from": .string((noon + .seconds(60)).rfc3339),
                    "to": .string((noon + .seconds(100)).rfc3339), "calls": [],
                ],
            ],
        ]
        let findings = try #require(Findings(["results": [finding]]))
        let calls = try [
            call(1, at: 0, 200, token: "one"), call(2, at: 30, 503, token: "one"), call(3, at: 100, 403, token: "two"),
        ]
        return Picture(kind, findings, by: ["a <breaker>": kind == .refresh ? .principal : .agent], calls)
    }

    private static let figures: [Value.Member] = [
        .init("opensAfter", 8), .init("openFor", .null), .init("idleChance", .number("2.1e-9")),
        .init("policy", "the declared breaker"), .init("first", [1, 2]),
        .init(
            "waits",
            [
                [
                    "after": 1, "count": 20, "least": .number("0.31"), "median": .number("0.52"),
                    "most": .number("0.97"), "from": 0, "to": 1,
                ]
            ]),
        .init("fits", [["policy": "purgatory", "objections": 17]]),
    ]

    /// Every scalar of a figure, wherever it is nested.
    private static func scalars(_ value: Value) -> [String] {
        switch value {
        case .string(let text): [text]
        case .number(let literal): [literal]
        case .array(let list): list.flatMap(scalars)
        case .object(let members): members.flatMap { [$0.name] + scalars($0.value) }
        default: []
        }
    }

    @Test("every figure of the verdict is readable in the picture's text", arguments: ReportKind.allCases)
    func figuresAreReadable(kind: ReportKind) throws {
        let svg = try Self.picture(kind).svg
        let words = Self.words(of: svg)
        for figure in Self.figures {
            for scalar in [figure.name] + Self.scalars(figure.value) {
                #expect(words.contains(scalar), "\(scalar) of \(figure.name) is not in the picture's text")
            }
        }
        for word in ["fail", "worker-1", "search-ABC", "it did not open after 5 failures", "2026-01-15T12:00:00"]
        where kind != .refresh || word != "search-ABC" {
            #expect(words.contains(word), "\(word) is not in the picture's text")
        }
    }

    /// What a reader sees: what stands in `text` elements.
    private static func words(of svg: String) -> String {
        var (words, rest) = ("", svg[...])
        while let start = rest.firstRange(of: "<text"), let end = rest[start.upperBound...].firstRange(of: "</text>") {
            var isTag = true
            for character in rest[start.upperBound..<end.lowerBound] {
                if character == "<" { isTag = true }
                if !isTag { words.append(character) }
                if character == ">" { isTag = false }
            }
            words += "\n"
            rest = rest[end.upperBound...]
        }
        return words
    }

    @Test("the picture is whole, stands for itself and has colours for light and dark")
    func isWhole() throws {
        let picture = try Self.picture()
        for text in [picture.svg, picture.html] {
            #expect(text.contains("prefers-color-scheme: dark"))
            #expect(!text.contains("http://127") && !text.contains("<script") && !text.contains("href="))
            #expect(text.contains("a &lt;breaker&gt;") && !text.contains("a <breaker>"))
            for name in ["svg", "text", "tspan", "title"] {
                #expect(text.ranges(of: "<\(name)").count == text.ranges(of: "</\(name)>").count, "\(name)")
            }
            // The page's own is empty.
            #expect(text.ranges(of: "<rect").count == text.ranges(of: "</rect>").count + 1)
        }
        #expect(picture.html.contains("<th scope=\"row\">opensAfter</th><td>8</td>"))
    }

    @Test("in a terminal it is as wide as that, and has colours only where they show")
    func text() throws {
        let picture = try Self.picture()
        for width in [60, 100, 200] {
            let lines = picture.text(width: width, colour: false).split(separator: "\n")
            #expect(lines.allSatisfy { $0.count <= width }, "\(lines.map(\.count).max() ?? 0) of \(width)")
            #expect(lines.contains { $0.contains("closed") || $0.contains("states") })
            #expect(lines.contains { $0.contains("opensAfter 8") })
        }
        #expect(!picture.text(width: 100, colour: false).contains("\u{1B}"))
        #expect(picture.text(width: 100, colour: true).contains("\u{1B}[31m"))
        let nothing = Picture(.calls, Findings(results: []), by: [:], [])
        #expect(nothing.text(width: 80, colour: false) == "nothing was called\n")
        #expect(nothing.svg.contains("nothing was called"))
    }

    @Test("a token's life is drawn with the calls that came with it")
    func tokens() throws {
        let picture = try Self.picture(.refresh)
        let lives = TokenLife.lives(picture.lanes[0].calls)
        #expect(lives.map(\.id) == ["one", "two"] && lives.map(\.text) == ["one: 2 calls", "two: 1 calls, 1 refused"])
        #expect(picture.svg.contains("token one") && picture.text(width: 80, colour: false).contains("two: 1 calls"))
    }

    @Test("moments are told in round distances from the start", arguments: [0.004, 0.9, 7, 61, 3_600, 400_000])
    func ticks(seconds: Double) throws {
        var span = TimeSpan([], [])
        span.end = span.start + .nanoseconds(Int64(seconds * 1e9))
        let ticks = span.ticks(atMost: 8)
        #expect((3...9).contains(ticks.count) && ticks[0] == 0 && ticks.last ?? 0 <= seconds * 1.000_001, "\(ticks)")
    }
}
