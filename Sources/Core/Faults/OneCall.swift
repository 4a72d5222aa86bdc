import Bytes
import Delivery
import JSON
import Scenarios

// Theory. `X-Understudy-Fault: latency; delay=2s, reset; at=frame 3`: faults with commas, parameters with semicolons, as
//         RFC 9110 5.6.6 writes parameters. A value without quotes is a number, true, false or a text, as it looks; in
//         quotes it is a text. `lognormal.median=1s` is the member of an object. A name alone is true.

/// Faults for one call, named by the call itself.
package enum OneCall {
    /// The header field, in lower case.
    package static let field: StaticString = "x-understudy-fault"
    static let mostFaults = 16

    /// The entries that the field's value names.
    static func read(_ text: String) -> Result<[FaultEntry], FaultMistakes> {
        var reader = OneCallReader(rest: Array(text.utf8)[...])
        var entries: [FaultEntry] = []
        do throws(FaultMistake) {
            repeat {
                entries.append(try reader.fault())
                if entries.count > mostFaults { throw FaultMistake([], "more than \(mostFaults) faults for one call") }
            } while reader.take(UInt8(ascii: ","))
            try reader.expectEnd()
        } catch {
            return .failure(FaultMistakes(list: [error]))
        }
        return .success(entries)
    }
}

extension FaultBook {
    /// What a call's own header arms for it alone. Such a fault strikes whatever else holds; it is not counted.
    package mutating func strikes(named header: String, _ occasion: Occasion) -> Result<Strikes, FaultMistakes> {
        let entries: [FaultEntry]
        switch OneCall.read(header) {
        case .success(let found): entries = found
        case .failure(let mistakes): return .failure(mistakes)
        }
        var strikes: [Strike] = []
        var mistakes: [FaultMistake] = []
        for entry in entries {
            switch Definition.read(entry, name: entry.fault, at: [entry.fault], armedAt: occasion.now) {
            case .success(let definition):
                if definition.fault.concernsIssuer {
                    mistakes.append(FaultMistake([], "\"\(entry.fault)\" is a fault of the issuer, not of one call"))
                }
                let seed = Armed.seed(seed, space: space, name: entry.fault)
                oneCallStrikes += 1
                strikes.append(
                    Strike(name: entry.fault, stage: definition.stage, seed: ~seed, number: oneCallStrikes))
            case .failure(let found): mistakes += found.list
            }
        }
        if !mistakes.isEmpty { return .failure(FaultMistakes(list: mistakes)) }
        return .success(Strikes(strikes, coldStart: occasion.coldStart))
    }
}

/// Takes a field's value apart.
private struct OneCallReader {
    var rest: ArraySlice<UInt8>

    mutating func fault() throws(FaultMistake) -> FaultEntry {
        let word = try name("a fault")
        var entry = FaultEntry(fault: word)
        while take(UInt8(ascii: ";")) {
            let name = try name("a parameter of \"\(word)\"")
            let value: Value = take(UInt8(ascii: "=")) ? try self.value(of: name) : true
            if !Self.add(
                value, at: name.split(separator: ".", omittingEmptySubsequences: false)[...], &entry.parameters)
            {
                throw FaultMistake([word], "\"\(name)\" stands there twice")
            }
        }
        return entry
    }

    func expectEnd() throws(FaultMistake) {
        let rest = skippingSpaces()
        if !rest.isEmpty { throw FaultMistake([], "\(Excerpt.of(.string(String(lossy: rest)))) is not understood") }
    }

    mutating func take(_ byte: UInt8) -> Bool {
        let after = skippingSpaces()
        guard after.first == byte else { return false }
        rest = after.dropFirst()
        return true
    }

    private func skippingSpaces() -> ArraySlice<UInt8> { rest.drop { $0 == 0x20 || $0 == 0x09 } }

    private mutating func name(_ what: String) throws(FaultMistake) -> String {
        rest = skippingSpaces()
        let name = rest.prefix { ASCII.isToken($0) }
        guard !name.isEmpty else {
            let found = rest.isEmpty ? "the end" : Excerpt.of(.string(String(lossy: rest)))
            throw FaultMistake(
                [], "expected \(what), found \(found)", hint: "write for example: reset; at=frame 3")
        }
        rest = rest.dropFirst(name.count)
        return String(lossy: name)
    }

    private mutating func value(of name: String) throws(FaultMistake) -> Value {
        rest = skippingSpaces()
        if rest.first == UInt8(ascii: "\"") { return .string(try quoted(name)) }
        var word = rest.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: ",") }
        rest = rest.dropFirst(word.count)
        while word.last == 0x20 || word.last == 0x09 { word = word.dropLast() }
        guard let text = String(utf8: word), !text.isEmpty else {
            throw FaultMistake([], "\"\(name)\" has no value that can be read")
        }
        switch try? Value.parse(Array(word)) {
        case .number(let literal): return .number(literal)
        case .bool(let bool): return .bool(bool)
        default: return .string(text)
        }
    }

    /// RFC 9110 5.6.4: "quoted-pair = "\" ( HTAB / SP / VCHAR / obs-text )".
    private mutating func quoted(_ name: String) throws(FaultMistake) -> String {
        var text: [UInt8] = []
        rest = rest.dropFirst()
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") { return String(lossy: text) }
            if byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() {
                text.append(escaped)
            } else {
                text.append(byte)
            }
        }
        throw FaultMistake([], "the text of \"\(name)\" does not end")
    }

    /// False when something stands there already.
    private static func add(_ value: Value, at path: ArraySlice<Substring>, _ members: inout [Value.Member]) -> Bool {
        guard let name = path.first.map(String.init) else { return false }
        let place = members.firstIndex { $0.name == name }
        guard path.count > 1 else {
            members.append(Value.Member(name, value))
            return place == nil
        }
        guard var inner = place.map({ members[$0].value.members }) ?? [],
            add(value, at: path.dropFirst(), &inner)
        else { return false }
        let object = Value.object(inner)
        if let place { members[place].value = object } else { members.append(Value.Member(name, object)) }
        return true
    }
}
