import Bytes

// RFC 1035 4.1: a message is a header of twelve octets, the question, and records that answer it.
//
//     | ID | QR OPCODE AA TC RD RA Z RCODE | QDCOUNT | ANCOUNT | NSCOUNT | ARCOUNT |

/// A question for the addresses of a host, and the answer to it.
package struct AddressQuery: Equatable, Sendable {
    package enum Family: UInt16, CaseIterable, Sendable {
        /// A: RFC 1035 3.4.1.
        case four = 1
        /// AAAA: RFC 3596 2.1.
        case six = 28
    }

    package enum Answer: Equatable, Sendable {
        /// As texts, and for how many seconds they hold.
        case addresses([String], seconds: UInt32)
        /// There is no such name: NXDOMAIN.
        case noSuchName
        /// TC: "this message was truncated", so it has to be asked for over TCP (RFC 1035 4.2.1).
        case truncated
        /// The server will not tell, or cannot.
        case failed(code: UInt8)
        /// Not the answer to this question: somebody else's, or nonsense.
        case foreign
    }

    package let id: UInt16
    package let name: HostName
    package let family: Family

    package init(id: UInt16, name: HostName, family: Family) {
        (self.id, self.name, self.family) = (id, name, family)
    }

    /// Recursion is desired.
    package var message: [UInt8] {
        var message: [UInt8] = [UInt8(id >> 8), UInt8(id & 255), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
        name.append(to: &message)
        message += [0, UInt8(family.rawValue), 0, 1]
        return message
    }

    package func answer(_ message: [UInt8]) -> Answer {
        guard message.count >= 12, Self.word(message, 0) == id, message[2] & 0xF8 == 0x80, Self.word(message, 4) == 1
        else { return .foreign }
        var place = 12
        guard HostName.read(message, at: &place) == name, place + 4 <= message.count,
            Self.word(message, place) == family.rawValue, Self.word(message, place + 2) == 1
        else { return .foreign }
        place += 4
        if message[2] & 2 != 0 { return .truncated }
        switch message[3] & 15 {
        case 0: return records(message, from: place, count: Int(Self.word(message, 6)))
        case 3: return .noSuchName
        case let code: return .failed(code: code)
        }
    }

    /// The addresses of the name, or of the one that it is an alias for (RFC 1034 3.6.2).
    private func records(_ message: [UInt8], from start: Int, count: Int) -> Answer {
        var place = start
        var owner = name
        var (addresses, seconds): ([String], UInt32) = ([], .max)
        for _ in 0..<count {
            guard let name = HostName.read(message, at: &place), place + 10 <= message.count else { return .foreign }
            let type = Self.word(message, place)
            let time = UInt32(Self.word(message, place + 4)) << 16 | UInt32(Self.word(message, place + 6))
            let content = place + 10
            let end = content + Int(Self.word(message, place + 8))
            guard end <= message.count else { return .foreign }
            place = end
            guard name == owner else { continue }
            if type == 5 {
                var alias = content
                guard let target = HostName.read(message, at: &alias) else { return .foreign }
                owner = target
                seconds = min(seconds, time)
            } else if type == family.rawValue, let address = Self.text(message[content..<end]) {
                addresses.append(address)
                seconds = min(seconds, time)
            }
        }
        return .addresses(addresses, seconds: addresses.isEmpty ? 0 : seconds)
    }

    private static func word(_ message: [UInt8], _ place: Int) -> UInt16 {
        UInt16(message[place]) << 8 | UInt16(message[place + 1])
    }

    /// Four octets, or sixteen as eight groups: nothing is left out, which every reader takes.
    private static func text(_ address: ArraySlice<UInt8>) -> String? {
        let bytes = Array(address)
        switch bytes.count {
        case 4: return bytes.map(String.init).joined(separator: ".")
        case 16:
            return stride(from: 0, to: 16, by: 2).map { String(word(bytes, $0), radix: 16) }.joined(separator: ":")
        default: return nil
        }
    }
}
