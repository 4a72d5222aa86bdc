import Bytes
import Delivery
import HTTPWire
import Time

/// Reads what `PackWriter` wrote, and nothing else: the bytes never leave the log.
struct PackReader {
    private let bytes: [UInt8]
    private let bases: Bases
    private var place: Int

    init(_ page: Page, at start: Int) { self.init(bytes: page.bytes, bases: page.bases, at: start) }

    private init(bytes: [UInt8], bases: Bases, at place: Int = 0) {
        self.place = place
        self.bytes = bytes
        self.bases = bases
    }

    mutating func summary(number: Int) -> Call {
        let arrived = Instant(nanoseconds: Int64(bitPattern: readWord()))
        let inFlight = read()
        let status = read() - 1
        var names = PackReader(bytes: readBlock(), bases: bases)
        var call = Call(
            number: number, space: names.readText() ?? "", arrived: arrived, request: .none, inFlight: inFlight)
        call.agent = names.readText()
        call.operation = names.readText()
        call.qualifier = names.readText()
        call.session = names.readText()
        call.user = names.readText()
        call.principal = names.readText()
        call.rule = names.readText()
        for _ in 0..<names.read() { call.faults.append(names.readText() ?? "") }
        if status >= 0 { call.reply = ReplyRecord(status: status, fields: FieldBlock()) }
        return call
    }

    mutating func readDetails(into call: inout Call, frames: [FrameScript.Frame]) {
        call.auth = readAuth()
        if call.reply != nil {
            call.reply?.fields = FieldBlock(bytes: readBlock())
            call.reply?.body = readBlock()
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
        let head = readBlock()
        let places = readPlaces()
        let flags = read()
        let body = readBlock()
        let digest = readBytes()
        return Request(
            head: head, method: places[0], target: places[1], path: places[2],
            query: places[3].lowerBound == Int(UInt32.max) ? nil : places[3],
            minorVersion: UInt8(truncatingIfNeeded: flags >> 1),
            fields: stride(from: 4, to: places.count, by: 2).map {
                FieldRange(name: places[$0], value: places[$0 + 1])
            },
            body: body, bodyDigest: digest.isEmpty ? nil : digest, keepsAlive: flags & 1 == 1)
    }

    private mutating func readPlaces() -> [Range<Int>] {
        let bytes = readBlock()
        func number(_ place: Int) -> Int { (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << ($1 * 8) } }
        return stride(from: 0, to: bytes.count, by: 8).map { number($0)..<number($0 + 4) }
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
        let count = read()
        guard count > 0 else { return nil }
        defer { place += count - 1 }
        return String(decoding: bytes[place..<place + count - 1], as: UTF8.self)
    }

    private mutating func readBytes() -> [UInt8] {
        let count = read()
        defer { place += count }
        return Array(bytes[place..<place + count])
    }

    private mutating func readBlock() -> [UInt8] {
        let number = read() - 1
        guard number >= 0 else { return readBytes() }
        let (prefix, suffix) = (read(), read())
        let base = bases.blocks[number]
        return base.prefix(prefix) + readBytes() + base.suffix(suffix)
    }
}
