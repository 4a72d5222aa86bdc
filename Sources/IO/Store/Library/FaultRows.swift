import Fields
import Library

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
