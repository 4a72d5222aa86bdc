import Bytes
import JSON
import Time

/// Why a file is no HTTP Archive, and where in it.
package struct ArchiveMistake: Error, Equatable, CustomStringConvertible {
    /// `log.entries[3].request.url`
    package var place: String
    package var message: String

    package init(_ place: String, _ message: String) { (self.place, self.message) = (place, message) }

    package var description: String { place.isEmpty ? message : "\(place): \(message)" }
}

/// Tools leave out much of what the format requires. What an exchange cannot be without is asked for: a method, a URL, a
/// status. The rest is taken where it is there; what is there and wrong is told.
extension Archive {
    package init(_ bytes: [UInt8]) throws(ArchiveMistake) {
        let value: Value
        do throws(SyntaxError) {
            // "The spec requires that tools support and ignore a BOM."
            value = try Value.parse(Array(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]))
        } catch {
            throw ArchiveMistake("", "is not JSON: \(error)")
        }
        guard let log = value["log"] else {
            throw ArchiveMistake("", "is no HTTP Archive: it has no \"log\"")
        }
        guard let entries = log["entries"]?.array else {
            throw ArchiveMistake("log.entries", "is missing, or is no array")
        }
        self.init(creator: log["creator"]?["name"]?.text ?? "", version: log["creator"]?["version"]?.text ?? "")
        for (index, entry) in entries.enumerated() {
            self.entries.append(try ArchiveEntry(ArchivePart(entry, "log.entries[\(index)]")))
        }
    }

    /// Whether the bytes are meant as one, whatever is wrong with them.
    package static func isMeant(by bytes: [UInt8]) -> Bool {
        guard let range = Self.log?.scan(bytes) else { return false }
        return bytes[range.lowerBound] == UInt8(ascii: "{")
    }

    private static let log = try? Path("$.log")
}

/// A part of the file and where it stands.
private struct ArchivePart {
    let value: Value
    let place: String

    init(_ value: Value, _ place: String) { (self.value, self.place) = (value, place) }

    func part(_ name: String) throws(ArchiveMistake) -> ArchivePart {
        guard let part = value[name], part.members != nil else {
            throw ArchiveMistake("\(place).\(name)", "is missing, or is no object")
        }
        return ArchivePart(part, "\(place).\(name)")
    }

    func text(_ name: String) throws(ArchiveMistake) -> String {
        guard let text = value[name]?.text, !text.isEmpty else {
            throw ArchiveMistake("\(place).\(name)", "is missing, or is no text")
        }
        return text
    }

    /// -1 and null stand for what is not known.
    func milliseconds(_ name: String) throws(ArchiveMistake) -> Double {
        guard let found = value[name], !found.isNull else { return 0 }
        guard let number = found.double, number < 1e12 else {
            throw ArchiveMistake("\(place).\(name)", "is no number of milliseconds")
        }
        return max(0, number)
    }

    func fields() throws(ArchiveMistake) -> [ArchivedField] {
        guard let found = value["headers"] else { return [] }
        guard let list = found.array else { throw ArchiveMistake("\(place).headers", "is no array") }
        var fields: [ArchivedField] = []
        for (index, entry) in list.enumerated() {
            guard let name = entry["name"]?.text, let value = entry["value"]?.text, !name.isEmpty else {
                throw ArchiveMistake("\(place).headers[\(index)]", "has no name and value")
            }
            // HTTP/2 and 3 write their request lines as fields.
            if !name.hasPrefix(":") { fields.append(ArchivedField(name, value)) }
        }
        return fields
    }

    /// The text of a body, as it is or in base64.
    func content() throws(ArchiveMistake) -> [UInt8] {
        guard let found = value["text"], !found.isNull else { return [] }
        guard let text = found.text else { throw ArchiveMistake("\(place).text", "is no text") }
        guard let encoding = value["encoding"]?.text ?? value["_encoding"]?.text, !encoding.isEmpty else {
            return Array(text.utf8)
        }
        guard encoding == "base64", let bytes = Base64.standard.decode(text.utf8) else {
            throw ArchiveMistake("\(place).encoding", "is not base64, or the text is not in it")
        }
        return bytes
    }
}

extension ArchiveEntry {
    fileprivate init(_ part: ArchivePart) throws(ArchiveMistake) {
        self.init()
        guard part.value.members != nil else { throw ArchiveMistake(part.place, "is no object") }
        if let text = part.value["startedDateTime"]?.text {
            guard let moment = Instant(rfc3339: text.utf8) else {
                throw ArchiveMistake("\(part.place).startedDateTime", "is no date and time")
            }
            started = moment
        }
        request = try ArchivedRequest(part.part("request"))
        response = try ArchivedResponse(part.part("response"))
        if let timings = part.value["timings"], timings.members != nil {
            let timings = ArchivePart(timings, "\(part.place).timings")
            for name in ["blocked", "dns", "connect", "send", "wait"] { wait += try timings.milliseconds(name) }
            receive = try timings.milliseconds("receive")
        } else {
            wait = try part.milliseconds("time")
        }
        for member in part.value.members ?? [] where member.name.hasPrefix("_") {
            if let text = member.value.text { own.append(ArchivedField(String(member.name.dropFirst()), text)) }
        }
    }
}

extension ArchivedRequest {
    fileprivate init(_ part: ArchivePart) throws(ArchiveMistake) {
        self.init()
        method = try part.text("method")
        url = try part.text("url")
        fields = try part.fields()
        guard let data = part.value["postData"], data.members != nil else { return }
        body = try ArchivePart(data, "\(part.place).postData").content()
    }
}

extension ArchivedResponse {
    fileprivate init(_ part: ArchivePart) throws(ArchiveMistake) {
        self.init()
        guard let status = part.value["status"]?.integer else {
            throw ArchiveMistake("\(part.place).status", "is missing, or is no whole number")
        }
        self.status = status
        fields = try part.fields()
        error = part.value["_error"]?.text
        if let content = part.value["content"], content.members != nil {
            let content = ArchivePart(content, "\(part.place).content")
            mimeType = content.value["mimeType"]?.text ?? ""
            body = try content.content()
        }
        guard let found = part.value["_frames"] else { return }
        guard let list = found.array else { throw ArchiveMistake("\(part.place)._frames", "is no array") }
        var frames: [ArchivedFrame] = []
        for (index, frame) in list.enumerated() {
            guard let at = frame["at"]?.integer, at >= 0, at < 1 << 50,
                let bytes = (frame["base64"]?.text).flatMap({ Base64.standard.decode($0.utf8) })
            else { throw ArchiveMistake("\(part.place)._frames[\(index)]", "needs at (microseconds) and base64") }
            frames.append(
                ArchivedFrame(
                    at: Int64(at), bytes: bytes, size: frame["size"]?.integer, direction: frame["direction"]?.text,
                    kind: frame["kind"]?.text))
        }
        self.frames = frames
    }
}
