import Bytes
import Delivery
import HTTPWire
import Time

/// Reads what `PackWriter` wrote, and nothing else: the bytes never leave the log.
struct PackReader {
    private let bytes: [UInt8]
    private let table: LineTable
    private var place: Int

    init(bytes: [UInt8], table: LineTable, place: Int = 0) {
        self.bytes = bytes
        self.table = table
        self.place = place
    }

    mutating func summary(number: Int) -> Call {
        let arrived = Instant(nanoseconds: Int64(bitPattern: readWord()))
        let inFlight = read()
        let status = read() - 1
        let request = Request(
            head: [], method: 0..<0, target: 0..<0, path: 0..<0, query: nil, minorVersion: 1, fields: [])
        var call = Call(
            number: number, space: readText() ?? "", arrived: arrived, request: request, inFlight: inFlight)
        call.agent = readText()
        call.operation = readText()
        call.qualifier = readText()
        call.session = readText()
        call.user = readText()
        call.principal = readText()
        call.rule = readText()
        for _ in 0..<read() { call.faults.append(readText() ?? "") }
        if status >= 0 { call.reply = ReplyRecord(status: status, fields: FieldBlock()) }
        return call
    }

    mutating func readDetails(into call: inout Call, frames: [FrameScript.Frame]) {
        call.auth = readAuth()
        if call.reply != nil {
            call.reply?.fields = FieldBlock(bytes: readLines())
            call.reply?.body = readContent()
            call.reply?.bodyBytes = read()
            call.reply?.frames = readRun(frames)
        }
        call.request = readRequest()
        call.requestBodyBytes = read()
        let restored = read() - 1
        guard restored >= 0 else { return }
        call.restoredFrames = (0..<restored).map { _ in
            FrameRecord(due: Int64(bitPattern: readWord()), sent: Int64(bitPattern: readWord()), bytes: read())
        }
    }

    private mutating func readRun(_ frames: [FrameScript.Frame]) -> FrameRun? {
        guard read() == 1 else { return nil }
        let script = FrameScript(frames: frames, jitter: Double(bitPattern: readWord()))
        let range = readRange(after: 0)
        let (start, seed, speed) = (Int64(read()), readWord(), read() - 1)
        return FrameRun(
            script: script, range: range, start: start, seed: seed, bytesPerSecond: speed < 0 ? nil : speed)
    }

    mutating func report() -> Report {
        let outcome = Report.Outcome.allCases[read()]
        let hasFirstByte = read() == 1
        let firstByte = Int64(read())
        let (ended, bytes) = (Int64(read()), read())
        let count = read()
        return Report(
            outcome: outcome, firstByte: hasFirstByte ? firstByte : nil, ended: ended, bytes: bytes,
            frames: FrameLog(encoded: Array(self.bytes[place..<place + count])))
    }

    private mutating func readAuth() -> Call.Auth? {
        let verdict = read()
        guard verdict > 0 else { return nil }
        var auth = Call.Auth(
            scheme: readText() ?? "", verdict: verdict == 1 ? .allowed : verdict == 2 ? .refused : .unchecked,
            why: readText())
        auth.canonicalRequest = readText()
        auth.stringToSign = readText()
        return auth
    }

    private mutating func readRequest() -> Request {
        let head = readLines()
        let (method, target, path) = (readRange(after: 0), readRange(after: 0), readRange(after: 0))
        let query = read() == 1 ? readRange(after: 0) : nil
        let flags = read()
        var fields: [FieldRange] = []
        var end = 0
        for _ in 0..<read() {
            let name = readRange(after: end)
            let value = readRange(after: name.upperBound)
            fields.append(FieldRange(name: name, value: value))
            end = value.upperBound
        }
        let body = readContent()
        let digest = readContent()
        return Request(
            head: head, method: method, target: target, path: path, query: query,
            minorVersion: UInt8(truncatingIfNeeded: flags >> 1), fields: fields, body: body,
            bodyDigest: digest.isEmpty ? nil : digest, keepsAlive: flags & 1 == 1)
    }

    // MARK: Parts

    private mutating func read() -> Int { Int(Int64(bitPattern: readWord())) }

    private mutating func readWord() -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            value |= UInt64(byte & 127) << shift
            if byte < 128 { break }
            shift += 7
        }
        return value
    }

    private mutating func readRange(after start: Int) -> Range<Int> {
        let lower = start &+ read()
        return lower..<lower + read()
    }

    private mutating func readText() -> String? {
        let code = readWord()
        if code == 0 { return nil }
        var text: [UInt8] = []
        append(code - 1, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func readContent() -> [UInt8] {
        var content: [UInt8] = []
        append(readWord(), to: &content)
        return content
    }

    private mutating func readLines() -> [UInt8] {
        var lines: [UInt8] = []
        while case let code = readWord(), code != 0 { append(code, to: &lines) }
        return lines
    }

    private mutating func append(_ code: UInt64, to content: inout [UInt8]) {
        if code & 1 == 1 { return table.append(Int(code >> 1), to: &content) }
        let count = min(Int(code >> 1), bytes.count - place)
        content.append(contentsOf: bytes[place..<place + count])
        place += count
    }
}
