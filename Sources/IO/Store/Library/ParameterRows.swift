import Fields
import Library

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
