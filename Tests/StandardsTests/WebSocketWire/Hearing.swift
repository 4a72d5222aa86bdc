import Bytes
import Support

@testable import WebSocketWire

/// What an endpoint hears, as words. It keeps of what came only what the endpoint gave back.
struct Hearing {
    private(set) var events: [String] = []
    /// The most bytes that had to be kept for more to come.
    private(set) var mostHeld = 0
    /// How many bytes had come when the endpoint failed.
    private(set) var failedAt: Int?
    private(set) var endpoint: Endpoint
    private var held: [UInt8] = []
    private var message: [UInt8] = []
    private var count = 0

    init(_ endpoint: Endpoint) { self.endpoint = endpoint }

    init(_ role: Role, _ bytes: [UInt8], _ cut: [Range<Int>]? = nil) {
        self.init(Endpoint(role, limits: EndpointTests.limits))
        for piece in cut ?? [0..<bytes.count] { hear(Array(bytes[piece])) }
    }

    mutating func hear(_ bytes: [UInt8]) {
        held += bytes
        count += bytes.count
        let input = held
        var start = 0
        while true {
            let (next, event) = endpoint.read(input.span, from: start, message: &message)
            start = next
            if event == .needsMore { break }
            if case .failed = event { failedAt = failedAt ?? count }
            events.append(words(event))
        }
        held.removeFirst(start)
        mostHeld = max(mostHeld, held.count)
    }

    /// Whole, byte by byte, and in two: everywhere, or of something long at its beginning, its end and now and then.
    static func cuts(of count: Int) -> [[Range<Int>]] {
        if count <= 400 { return Cuts.all(of: count) }
        let places = Set(1...40).union(count - 40..<count).union(stride(from: 41, to: count, by: 9_973))
        return [[0..<count], (0..<count).map { $0..<$0 + 1 }] + places.sorted().map { [0..<$0, $0..<count] }
    }

    private func words(_ event: Endpoint.Event) -> String {
        switch event {
        case .needsMore: "needs more"
        case .fragmentReceived: "fragment"
        case .messageReceived(.text): spelled("text", message)
        case .messageReceived(.binary):
            message.count <= 20 ? named("binary", Hex.encode(message)) : spelled("binary", message)
        case .pingReceived(let content): spelled("ping", content)
        case .pongReceived(let content): spelled("pong", content)
        case .closeReceived(let code, let reason): named(named("close", code.map { "\($0.rawValue)" } ?? ""), reason)
        case .failed(let failure): "failed \(failure.code.rawValue) \(failure.words)"
        }
    }

    private func spelled(_ name: String, _ content: [UInt8]) -> String {
        if content.count <= 60, let text = String(utf8: content) { return named(name, text) }
        return "\(name) of \(content.count) bytes"
    }

    private func named(_ name: String, _ rest: String) -> String { rest.isEmpty ? name : "\(name) \(rest)" }
}

extension ConversationFailure {
    /// The case as it is written.
    fileprivate var words: String {
        switch self {
        case .reservedOpcode(let opcode): "reservedOpcode(\(opcode))"
        case .frameTooLong(let length): "frameTooLong(\(length))"
        case .closeCodeInvalid(let code): "closeCodeInvalid(\(code))"
        case .reservedBits: "reservedBits"
        case .controlFragmented: "controlFragmented"
        case .controlTooLong: "controlTooLong"
        case .continuesNothing: "continuesNothing"
        case .messageNotContinued: "messageNotContinued"
        case .notMasked: "notMasked"
        case .masked: "masked"
        case .lengthNotShortest: "lengthNotShortest"
        case .lengthNegative: "lengthNegative"
        case .messageTooLong: "messageTooLong"
        case .notUTF8: "notUTF8"
        case .closeCodeCut: "closeCodeCut"
        }
    }
}

/// Frames as `fixtures/websocket` writes them, as bytes; not by the code that is tested.
enum WrittenFrames {
    struct Unreadable: Error { var frame: String }

    static func bytes(_ cell: String, to role: Role) throws -> [UInt8] {
        var bytes: [UInt8] = []
        for (number, frame) in cell.split(separator: "|").enumerated() {
            let key: [UInt8]? = role == .server ? [0x37, 0xFA, 0x21, UInt8(truncatingIfNeeded: number)] : nil
            bytes += try written(String(frame), key)
        }
        return bytes
    }

    private static func written(_ frame: String, _ key: [UInt8]?) throws -> [UInt8] {
        guard let colon = frame.firstIndex(of: ":"), let first = UInt8(frame.prefix(2), radix: 16)
        else { throw Unreadable(frame: frame) }
        let payload = WireFixtures.bytes(String(frame[frame.index(after: colon)...]))
        let form = frame[..<colon].dropFirst(2)
        var length = try self.length(payload.count, form)
        if key != nil { length[0] |= 0x80 }
        let masked = payload.enumerated().map { $1 ^ (key?[$0 % 4] ?? 0) }
        return [first] + length + (key ?? []) + masked
    }

    private static func length(_ count: Int, _ form: Substring) throws -> [UInt8] {
        if form.hasPrefix("/=") {
            guard let bytes = Hex.decode(Array(form.dropFirst(2).utf8)) else { throw Unreadable(frame: String(form)) }
            return bytes
        }
        let width = form == "/16" ? 2 : form == "/64" ? 8 : count < 126 ? 0 : count < 65_536 ? 2 : 8
        let digits = (0..<width).reversed().map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
        return width == 0 ? [UInt8(count)] : [width == 2 ? 126 : 127] + digits
    }
}

enum RandomCommands {
    static func next(_ chance: inout SeededGenerator) -> Endpoint.Command {
        let letters = ["a", "é", "€", "😀"]
        let count = [0, 1, 124, 125, 126, 300].randomElement(using: &chance) ?? 0
        var text = ""
        while text.utf8.count < count { text += letters.randomElement(using: &chance) ?? "" }
        let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &chance) }
        return switch Int.random(in: 0..<4, using: &chance) {
        case 0: .message(.text, Array(text.utf8))
        case 1: .message(.binary, bytes)
        case 2: .ping(Array(bytes.prefix(125)))
        default: .pong(Array(bytes.prefix(125)))
        }
    }

    /// What whoever hears it says.
    static func events(of command: Endpoint.Command, frame: Int) -> [String] {
        switch command {
        case .message(let kind, let content):
            let fragments = max(0, (content.count + frame - 1) / frame - 1)
            let text = content.count <= 60 ? String(utf8: content) : nil
            let name =
                kind == .binary && content.count <= 20
                ? "binary" + (content.isEmpty ? "" : " ") + Hex.encode(content)
                : "\(kind)" + (text.map { $0.isEmpty ? "" : " \($0)" } ?? " of \(content.count) bytes")
            return [String](repeating: "fragment", count: fragments) + [name]
        case .ping(let content): return [control("ping", content)]
        case .pong(let content): return [control("pong", content)]
        case .close: return []
        }
    }

    private static func control(_ name: String, _ content: [UInt8]) -> String {
        let text = content.count <= 60 ? String(utf8: content) : nil
        return name + (text.map { $0.isEmpty ? "" : " \($0)" } ?? " of \(content.count) bytes")
    }
}
