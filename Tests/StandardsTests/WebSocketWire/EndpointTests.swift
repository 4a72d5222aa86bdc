import Bytes
import Support
import Testing

@testable import WebSocketWire

@Suite("Endpoint") struct EndpointTests {
    /// As the tables of `fixtures/websocket` are heard.
    static let limits = Endpoint.Limits(frame: 65_536, message: 70_000)

    @Test("the examples of RFC 6455 5.7, heard by whoever may hear them")
    func examples() throws {
        let rows = try WireFixtures.rows("websocket/rfc6455.tsv")
        #expect(rows.count == 7)
        for row in rows {
            let digits = WireFixtures.bytes(row[1])
            let bytes = try #require(Hex.decode(digits), "\(row[0])")
            let role: Role = bytes[1] & 0x80 == 0 ? .client : .server
            for cut in Hearing.cuts(of: bytes.count) {
                #expect(Hearing(role, bytes, cut).events.joined(separator: "; ") == row[2], "\(row[0])")
            }
        }
    }

    static let conversations = (try? WireFixtures.rows("websocket/conversations.tsv")) ?? []

    @Test("the table has rows")
    func table() { #expect(Self.conversations.count > 150) }

    @Test("what an endpoint makes of frames is the same however they are cut", arguments: conversations)
    func conversation(row: [String]) throws {
        let expected = String(lossy: WireFixtures.bytes(row[2]))
        for role in [Role.server, .client] {
            let bytes = try WrittenFrames.bytes(row[1], to: role)
            for cut in Hearing.cuts(of: bytes.count) {
                let hearing = Hearing(role, bytes, cut)
                guard hearing.events.joined(separator: "; ") == expected else {
                    Issue.record("\(role), \(cut.prefix(3)): \(hearing.events)")
                    return
                }
                #expect(hearing.mostHeld <= 139)
            }
        }
    }

    @Test("a server refuses what is not masked, a client what is, by the second byte")
    func masks() {
        #expect(Hearing(.server, [0x81, 0x05]).events == ["failed 1002 notMasked"])
        #expect(Hearing(.client, [0x81, 0x85]).events == ["failed 1002 masked"])
        #expect(Hearing(.server, [0x88, 0x00]).events == ["failed 1002 notMasked"])
        #expect(Hearing(.client, [0x8A, 0x80]).events == ["failed 1002 masked"])
    }

    @Test(
        "what is wrong is told at the first byte that shows it",
        arguments: [
            ("c1:Hello", 1), ("83:Hello", 1), ("09:a", 1), ("80:a", 1), ("89:<<a*126>>", 2), ("01:a|81:b", 8),
            ("82/=7f80:", 3), ("82/=7f0000000000010001:", 10), ("81/16:a", 4), ("81:\\xff\\xff", 7),
            ("81:a\\xc0\\xaf", 8), ("81:\\xed\\xa0\\x80", 8), ("81:\\xf4\\x90\\x80\\x80", 8),
            ("81:\\xe2\\x82", 8), ("01:\\xe2|80:\\x28\\xa1", 14), ("88:\\x03", 7), ("88:\\x00\\x00", 8),
            ("02:<<a*65536>>|80/=7e1171:", 65_554),
        ])
    func failingFast(frames: String, place: Int) throws {
        let bytes = try WrittenFrames.bytes(frames, to: .server)
        let hearing = Hearing(.server, bytes, (0..<bytes.count).map { $0..<$0 + 1 })
        #expect(hearing.failedAt == place)
        #expect(Hearing(.server, Array(bytes[..<(place - 1)])).failedAt == nil)
    }

    @Test("ten thousand empty fragments are as many events, and no memory")
    func emptyFragments() throws {
        let count = 10_000
        let frames = "01:|" + String(repeating: "00:|", count: count) + "80:end"
        let bytes = try WrittenFrames.bytes(frames, to: .server)
        let hearing = Hearing(.server, bytes, (0..<bytes.count).map { $0..<$0 + 1 })
        #expect(hearing.events.count == count + 2)
        #expect(hearing.events.dropLast().allSatisfy { $0 == "fragment" })
        #expect(hearing.events.last == "text end")
        #expect(hearing.mostHeld < 6)
        #expect(MemoryLayout<Endpoint>.size <= 64)
    }

    @Test("after a close nothing is read; after one's own, everything until the other's")
    func closing() throws {
        var chance = SeededGenerator(seed: 7)
        var endpoint = Endpoint(.client, limits: Self.limits)
        var (output, message): ([UInt8], [UInt8]) = ([], [])
        #expect(endpoint.write(.close(.normal, reason: "bye"), into: &output, chance: &chance))
        #expect(endpoint.hasSentClose && !endpoint.isOver)
        let bytes = try WrittenFrames.bytes("81:a|89:p|88:\\x03\\xe8|81:b", to: .client)
        var hearing = Hearing(endpoint)
        hearing.hear(bytes)
        #expect(hearing.events == ["text a", "ping p", "close 1000"])
        #expect(hearing.endpoint.isOver)
        endpoint = hearing.endpoint
        #expect(endpoint.read(bytes.span, from: 0, message: &message).next == bytes.count)
        let before = output
        for command in [Endpoint.Command.message(.text, []), .ping([]), .pong([]), .close(nil, reason: "")] {
            #expect(!endpoint.write(command, into: &output, chance: &chance))
        }
        #expect(output == before)
    }

    @Test("what is to be answered at once: a ping with its content, a close with its code, a failure with its own")
    func answers() {
        #expect(Endpoint.Event.pingReceived([1, 2]).answer == .pong([1, 2]))
        #expect(Endpoint.Event.closeReceived(.goingAway, reason: "x").answer == .close(.goingAway, reason: ""))
        #expect(Endpoint.Event.closeReceived(nil, reason: "").answer == .close(nil, reason: ""))
        #expect(
            Endpoint.Event.failed(.notUTF8).answer == .close(.invalidData, reason: "a text is not UTF-8"))
        for event in [Endpoint.Event.needsMore, .fragmentReceived, .messageReceived(.text), .pongReceived([])] {
            #expect(event.answer == nil)
        }
        for failure: ConversationFailure in [
            .frameTooLong(.max), .lengthNotShortest, .closeCodeInvalid(.max), .reservedBits,
        ] {
            var (output, chance): ([UInt8], SeededGenerator) = ([], SeededGenerator(seed: 7))
            var endpoint = Endpoint(.server, limits: Self.limits)
            let answer = Endpoint.Event.failed(failure).answer
            #expect(answer.map { endpoint.write($0, into: &output, chance: &chance) } == true)
        }
    }

    @Test("what a server writes is not masked, and what is longer than a frame goes in several")
    func writing() {
        var (output, chance): ([UInt8], SeededGenerator) = ([], SeededGenerator(seed: 7))
        var endpoint = Endpoint(.server, limits: Endpoint.Limits(frame: 4, message: 100))
        func written(_ command: Endpoint.Command) -> [UInt8] {
            output = []
            _ = endpoint.write(command, into: &output, chance: &chance)
            return output
        }
        #expect(written(.message(.text, [])) == [0x81, 0])
        #expect(written(.message(.binary, [1, 2, 3, 4])) == [0x82, 4, 1, 2, 3, 4])
        #expect(written(.message(.text, [1, 2, 3, 4, 5])) == [0x01, 4, 1, 2, 3, 4, 0x80, 1, 5])
        #expect(
            written(.message(.binary, Array(1...8))) == [0x02, 4, 1, 2, 3, 4, 0x80, 4, 5, 6, 7, 8])
        #expect(written(.ping([9])) == [0x89, 1, 9])
        #expect(written(.ping([UInt8](repeating: 0, count: 126))) == [])
        #expect(written(.close(.normal, reason: String(repeating: "r", count: 124))) == [])
        #expect(written(.close(nil, reason: "not without a code")) == [0x88, 0])
    }

    @Test("what one end writes the other hears, whatever the sizes and the cuts")
    func roundTrip() {
        let seed: UInt64 = 20_261_129
        var chance = SeededGenerator(seed: seed)
        for round in 0..<300 {
            let (sender, receiver): (Role, Role) = round % 2 == 0 ? (.client, .server) : (.server, .client)
            let limits = Endpoint.Limits(frame: Int.random(in: 1...300, using: &chance), message: 2_000)
            var endpoint = Endpoint(sender, limits: limits)
            var (bytes, expected): ([UInt8], [String]) = ([], [])
            for _ in 0..<Int.random(in: 1...5, using: &chance) {
                let command = RandomCommands.next(&chance)
                #expect(endpoint.write(command, into: &bytes, chance: &chance))
                expected += RandomCommands.events(of: command, frame: limits.frame)
            }
            var hearing = Hearing(Endpoint(receiver, limits: Endpoint.Limits(frame: 70_000, message: 2_000)))
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...200, using: &chance))
                rest = rest[piece.endIndex...]
                hearing.hear(Array(piece))
            }
            #expect(hearing.events == expected, "seed \(seed), round \(round)")
        }
    }

    @Test("any bytes at all have events, the same whole and in pieces, and end in one failure at most")
    func anyBytes() {
        let seed: UInt64 = 6_455
        var chance = SeededGenerator(seed: seed)
        for round in 0..<3_000 {
            let role: Role = round % 2 == 0 ? .client : .server
            var bytes = (0..<Int.random(in: 0...60, using: &chance)).map { _ in
                UInt8.random(in: 0...255, using: &chance)
            }
            // Rubbish alone would hardly ever get beyond its second byte.
            if bytes.count > 1 {
                bytes[0] = [0x81, 0x01, 0x82, 0x88, 0x89][round % 5]
                bytes[1] = (role == .server ? 0x80 : 0) | bytes[1] % 40
            }
            let whole = Hearing(role, bytes)
            let pieces = Hearing(role, bytes, (0..<bytes.count).map { $0..<$0 + 1 })
            #expect(whole.events == pieces.events, "seed \(seed), round \(round)")
            #expect(whole.events.dropLast().allSatisfy { !$0.hasPrefix("failed") && !$0.hasPrefix("close") })
        }
    }
}
