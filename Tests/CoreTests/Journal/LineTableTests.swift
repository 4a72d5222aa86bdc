import Testing

@testable import Journal

@Suite("Line table") struct LineTableTests {
    private func number(_ text: String, _ table: inout LineTable) -> Int? {
        let bytes = Array(text.utf8)
        return table.number(of: bytes.span)
    }

    private func line(_ number: Int, _ table: LineTable) -> String {
        var bytes: [UInt8] = []
        table.append(number, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("a line has a number from its second sighting on, and keeps it")
    func sightings() {
        var table = LineTable()
        #expect(number("Host: localhost\r\n", &table) == nil)
        #expect(number("Accept: text/plain\r\n", &table) == nil)
        #expect(number("Host: localhost\r\n", &table) == 0)
        #expect(number("Accept: text/plain\r\n", &table) == 1)
        #expect(number("Host: localhost\r\n", &table) == 0)
        #expect(line(0, table) == "Host: localhost\r\n")
        #expect(line(1, table) == "Accept: text/plain\r\n")
        #expect(line(2, table) == "")
    }

    @Test("what is too short to gain by it, or too long, has none")
    func lengths() {
        var table = LineTable()
        for text in ["", "abc", String(repeating: "x", count: 1_025)] {
            for _ in 0..<3 { #expect(number(text, &table) == nil) }
        }
        #expect(table.count == 0)
    }

    @Test("a full table takes no more, and still knows what it has")
    func full() {
        var table = LineTable()
        let lines = (0..<20_000).map { "line \($0) of many" }
        for line in lines { for _ in 0..<2 { _ = number(line, &table) } }
        #expect(table.count > 1_000 && table.count <= 4_096)
        var known = 0
        for text in lines {
            guard let number = number(text, &table) else { continue }
            #expect(line(number, table) == text)
            known += 1
        }
        #expect(known == table.count)
    }
}
