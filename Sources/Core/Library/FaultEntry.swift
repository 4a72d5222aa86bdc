import Fields
import JSON

/// A fault as the file says it. What its words mean is the fault catalogue's business.
package struct FaultEntry: Equatable, Sendable {
    package var name: String?
    package var agent: String?
    package var endpoint: String?
    package var operation: String?
    package var on: [JSON.Value.Member]?
    package var fault: String
    /// The fault's own parameters, in their order.
    package var parameters: [JSON.Value.Member] = []

    package init(fault: String) { self.fault = fault }
}

/// `faults[…]`: where, when and which; everything else is a parameter of the fault and stays as it stands.
enum FaultReader {
    static func read(_ fields: inout FieldReader, _ words: Vocabulary) -> FaultEntry? {
        let before = fields.mistakes.count
        var entry = FaultEntry(fault: "")
        entry.name = fields.text("name", .notEmpty)
        entry.agent = fields.text("agent", .glob)
        entry.endpoint = fields.text("endpoint", .glob)
        entry.operation = fields.text("operation", .name(among: words.operations))
        entry.on = fields.object("on") { fields in
            words.readOn(&fields)
            return fields.node.value.members
        }
        let fault = fields.requiredText("fault", .oneOf(words.faults))
        for word in words.faults { fields.noteVariant("fault", word) { words.readFault(FaultEntry(fault: word), &$0) } }
        let parameters = fields.others
        if let fault {
            entry.fault = fault
            entry.parameters = parameters.map { Value.Member($0.name, $0.node.value) }
            refuseMisspelt(fields)
            if fields.mistakes.count == before { words.readFault(entry, &fields) }
        }
        for parameter in parameters { _ = fields.field(parameter.name) }
        return fault == nil ? nil : entry
    }

    /// A parameter may have any name, but hardly one letter beside a word of the entry.
    private static func refuseMisspelt(_ fields: FieldReader) {
        for parameter in fields.others {
            let letters = Array(parameter.name.utf8)
            for word in ["name", "agent", "endpoint", "operation", "fault"] where letters.count < 20 {
                guard NearName.distance(letters, Array(word.utf8)) == 1 else { continue }
                fields.mistakes.add(
                    "\"\(parameter.name)\" is not known here", hint: "did you mean \"\(word)\"?",
                    at: parameter.nameOffset, path: fields.path.appending(parameter.name))
            }
        }
    }
}

extension FaultEntry {
    package var written: Value {
        var fields = FieldWriter()
        fields.add("name", name)
        fields.add("agent", agent)
        fields.add("endpoint", endpoint)
        fields.add("operation", operation)
        fields.add("on", on.map(Value.object))
        fields.add("fault", fault)
        for parameter in parameters { fields.add(parameter.name, parameter.value) }
        return fields.object
    }
}
