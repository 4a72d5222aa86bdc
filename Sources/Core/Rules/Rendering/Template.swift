import Bytes
import Fields
import JSON

/// A text with holes: `You said {{payload.prompt}}`. `{{{{` stands for two braces that open no hole.
struct Template: Equatable, Sendable {
    /// What fills a hole.
    enum Source: Equatable, Sendable {
        case payload(Path)
        case header([UInt8])
        case session
        case agent
        case qualifier
        case user
        case call
        case state
        case uuid
        case now
    }

    enum Piece: Equatable, Sendable {
        case text(String)
        case hole(Source)
    }

    let pieces: [Piece]

    init(_ text: String) throws(RuleMistake) {
        let bytes = Array(text.utf8)
        var pieces: [Piece] = []
        var plain: [UInt8] = []
        var at = 0
        while let hole = Self.braces(Self.open, in: bytes.span, from: at) {
            plain += bytes[at..<hole]
            at = hole + 2
            if Self.braces(Self.open, in: bytes.span, from: at) == at {
                plain.append("{{" as StaticString)
                at += 2
                continue
            }
            guard let end = Self.braces(Self.close, in: bytes.span, from: at) else {
                throw RuleMistake("a {{ is never closed by }}; write {{{{ for two braces that are meant as such")
            }
            if !plain.isEmpty { pieces.append(.text(String(lossy: plain))) }
            plain = []
            pieces.append(.hole(try Self.source(Self.trimmed(bytes[at..<end]))))
            at = end + 2
        }
        plain += bytes[at...]
        if !plain.isEmpty { pieces.append(.text(String(lossy: plain))) }
        self.pieces = pieces
    }

    /// The text of a template without holes.
    var constant: String? {
        switch pieces.count {
        case 0: return ""
        case 1: if case .text(let text) = pieces[0] { return text } else { return nil }
        default: return nil
        }
    }

    /// The only hole of a template that is nothing else: it keeps the JSON type of its value.
    var onlyHole: Source? {
        guard pieces.count == 1, case .hole(let source) = pieces[0] else { return nil }
        return source
    }

    private static let open = UInt8(ascii: "{")
    private static let close = UInt8(ascii: "}")

    /// Where the next two of this brace stand.
    private static func braces(_ brace: UInt8, in text: Span<UInt8>, from start: Int) -> Int? {
        guard start + 1 < text.count else { return nil }
        for index in start..<(text.count - 1) where text[index] == brace && text[index + 1] == brace { return index }
        return nil
    }

    private static func trimmed(_ name: ArraySlice<UInt8>) -> String {
        let space = UInt8(ascii: " ")
        var name = name.drop { $0 == space }
        while name.last == space { name.removeLast() }
        return String(lossy: name)
    }

    private static func source(_ name: String) throws(RuleMistake) -> Source {
        if let source = words[name] { return source }
        if name.hasPrefix("header.") {
            let field = Array(name.utf8.dropFirst("header.".utf8.count))
            guard !field.isEmpty, field.allSatisfy(ASCII.isToken) else {
                throw RuleMistake("{{\(name)}} names no header field")
            }
            return .header(field.map { ASCII.lowercased($0) })
        }
        let tail = name.utf8.dropFirst("payload".utf8.count)
        guard name.hasPrefix("payload"), [nil, UInt8(ascii: "."), UInt8(ascii: "[")].contains(tail.first) else {
            throw RuleMistake(
                "{{\(name)}} is unknown; there are payload.…, header.…, \(words.keys.sorted().joined(separator: ", "))")
        }
        do throws(PathError) {
            return .payload(try Path("$" + String(lossy: Array(tail))))
        } catch {
            throw RuleMistake("{{\(name)}}: \(error.message)")
        }
    }

    private static let words: [String: Source] = [
        "session": .session, "agent": .agent, "qualifier": .qualifier, "user": .user, "call": .call, "state": .state,
        "uuid": .uuid, "now": .now,
    ]
}

extension TextCheck {
    static let template = TextCheck { text in
        do throws(RuleMistake) {
            _ = try Template(text)
            return nil
        } catch {
            return Problem(message: error.message)
        }
    }
}
