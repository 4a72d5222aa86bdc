import DNSWire
import Testing

@Suite("AddressQuery") struct AddressQueryTests {
    private let query = AddressQuery(id: 0x1234, name: HostName("a.example")!, family: .four)
    /// a.example as RFC 1035 3.1 writes it.
    private static let name: [UInt8] = [1, 0x61, 7] + Array("example".utf8) + [0]

    private func answer(_ flags: [UInt8] = [0x81, 0x80], _ records: [[UInt8]]) -> [UInt8] {
        [0x12, 0x34] + flags + [0, 1, 0, UInt8(records.count), 0, 0, 0, 0] + Self.name + [0, 1, 0, 1]
            + records.flatMap(\.self)
    }

    /// The owner is a pointer to the question's name.
    private func record(_ type: UInt8, _ content: [UInt8], owner: [UInt8] = [0xC0, 12], seconds: UInt8 = 60) -> [UInt8]
    {
        owner + [0, type, 0, 1, 0, 0, 0, seconds, 0, UInt8(content.count)] + content
    }

    @Test("the question is a header, the name and the type, and recursion is desired")
    func question() {
        #expect(query.message == [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + Self.name + [0, 1, 0, 1])
        #expect(AddressQuery(id: 1, name: HostName("A.Example.")!, family: .six).message.suffix(4) == [0, 28, 0, 1])
    }

    @Test("addresses hold as long as the shortest of their records")
    func addresses() {
        let both = answer(
            [0x81, 0x80], [record(1, [192, 0, 2, 1], seconds: 60), record(1, [192, 0, 2, 2], seconds: 30)])
        #expect(query.answer(both) == .addresses(["192.0.2.1", "192.0.2.2"], seconds: 30))
        let six = AddressQuery(id: 0x1234, name: query.name, family: .six)
        var message = answer(
            [0x81, 0x80], [record(28, [0x20, 1, 0xD, 0xB8] + [UInt8](repeating: 0, count: 11) + [1])])
        message[12 + Self.name.count + 1] = 28
        #expect(six.answer(message) == .addresses(["2001:db8:0:0:0:0:0:1"], seconds: 60))
    }

    @Test("an alias is followed, and what belongs to another name is let go")
    func alias() {
        let target: [UInt8] = [1, 0x62] + [0xC0, 14]
        let place = UInt8(12 + Self.name.count + 4 + 12)
        let message = answer(
            [0x81, 0x80],
            [
                record(5, target, seconds: 20), record(1, [192, 0, 2, 9], owner: [0xC0, place]),
                record(1, [192, 0, 2, 66], owner: [1, 0x7A, 0]),
            ])
        #expect(query.answer(message) == .addresses(["192.0.2.9"], seconds: 20))
    }

    @Test("what a server will not tell is told apart")
    func refusals() {
        #expect(query.answer(answer([0x81, 0x83], [])) == .noSuchName)
        #expect(query.answer(answer([0x81, 0x82], [])) == .failed(code: 2))
        #expect(query.answer(answer([0x83, 0x80], [])) == .truncated)
        #expect(query.answer(answer([0x81, 0x80], [])) == .addresses([], seconds: 0))
    }

    @Test("an answer to another question, and nonsense, is nobody's, cut anywhere too")
    func foreign() {
        let whole = answer([0x81, 0x80], [record(1, [192, 0, 2, 1])])
        #expect(AddressQuery(id: 0x1235, name: query.name, family: .four).answer(whole) == .foreign)
        #expect(AddressQuery(id: 0x1234, name: HostName("b.example")!, family: .four).answer(whole) == .foreign)
        #expect(AddressQuery(id: 0x1234, name: query.name, family: .six).answer(whole) == .foreign)
        for count in 0..<whole.count { #expect(query.answer(Array(whole[..<count])) == .foreign, "\(count)") }
        // A pointer to itself leads nowhere.
        #expect(query.answer(answer([0x81, 0x80], [record(1, [1, 2, 3, 4], owner: [0xC0, 27])])) == .foreign)
    }

    @Test(
        "what cannot be a name is none",
        arguments: ["", ".", "a..b", String(repeating: "x", count: 64), String(repeating: "abc.", count: 70) + "x"])
    func names(text: String) { #expect(HostName(text) == nil) }
}
