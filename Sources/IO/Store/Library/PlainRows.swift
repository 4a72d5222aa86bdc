import Fields
import Library

// The tables whose rows stand alone, each with all that a library says of it.

/// Faults.
extension Database {
    func readFaults(_ mistakes: RowMistakes) throws(DatabaseError) -> [FaultEntry] {
        try rows(of: "faults", "name, agent, endpoint, operation, fault, applies_on, parameters", mistakes) { row in
            guard let word = row.needed(7, row.text(7)) else { return nil }
            var fault = FaultEntry(fault: word)
            fault.name = row.text(3)
            fault.agent = row.text(4)
            fault.endpoint = row.text(5)
            fault.operation = row.text(6)
            fault.on = row.object(8)
            fault.parameters = row.needed(9, row.object(9)) ?? []
            return fault
        }
    }

    func writeFaults(_ faults: [FaultEntry]) throws(DatabaseError) {
        let insert = try statement(
            """
            INSERT INTO faults (position, name, agent, endpoint, operation, fault, applies_on, parameters)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """)
        for (index, fault) in faults.enumerated() {
            try insert.run(
                RowPosition.written(index), Datum(fault.name), Datum(fault.agent), Datum(fault.endpoint),
                Datum(fault.operation), .text(fault.fault), Datum(fault.on), Datum(fault.parameters))
        }
    }
}

/// What Parameter Store says.
extension Database {
    func readParameters(_ mistakes: RowMistakes) throws(DatabaseError) -> [Parameter] {
        try rows(of: "parameters", "name, type, value", mistakes) { row in
            guard let name = row.needed(3, row.text(3)), let value = row.needed(5, row.text(5)) else { return nil }
            return Parameter(name: name, kind: row.choice(4, Parameter.Kind.self) ?? .string, value: value)
        }
    }

    func writeParameters(_ parameters: [Parameter]) throws(DatabaseError) {
        let insert = try statement("INSERT INTO parameters (position, name, type, value) VALUES (?, ?, ?, ?)")
        for (index, parameter) in parameters.enumerated() {
            try insert.run(
                RowPosition.written(index), .text(parameter.name), .text(parameter.kind.rawValue),
                .text(parameter.value))
        }
    }
}

/// Files that replies name.
extension Database {
    func readFiles(_ mistakes: RowMistakes) throws(DatabaseError) -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        try eachRow(of: "files", "SELECT id, path, content FROM files", mistakes) { row in
            guard let path = row.needed(1, row.text(1)), let content = row.needed(2, row.blob(2)) else { return }
            files[path] = content
        }
        return files
    }

    func writeFiles(_ files: [String: [UInt8]]) throws(DatabaseError) {
        let insert = try statement("INSERT INTO files (path, content) VALUES (?, ?)")
        for (path, content) in files.sorted(by: { $0.key < $1.key }) {
            try insert.run(.text(path), .blob(content))
        }
    }
}
