import Bytes
import JSON

extension Rule {
    var written: Value {
        var fields = FieldWriter()
        fields.add("name", name)
        fields.add("agent", agent)
        fields.add("qualifier", qualifier)
        fields.add("operation", operation)
        fields.add("when", when?.written)
        fields.add("then", then)
        fields.add("reply", reply.written)
        return fields.object
    }
}

extension Condition {
    fileprivate var written: Value {
        var fields = FieldWriter()
        fields.add("payload", list: payload) { test in
            var fields = FieldWriter()
            fields.add("path", test.path)
            test.comparison.write(to: &fields)
            return fields.object
        }
        if !header.isEmpty {
            var headers = FieldWriter()
            for test in header {
                var fields = FieldWriter()
                test.comparison.write(to: &fields)
                headers.add(test.name, fields.object)
            }
            fields.add("header", headers.object)
        }
        fields.add("session", session)
        fields.add("user", user)
        fields.add("call", call)
        fields.add("state", state)
        return fields.object
    }
}

extension Comparison {
    fileprivate func write(to fields: inout FieldWriter) {
        fields.add("equals", equals)
        fields.add("contains", contains)
        fields.add("matches", matches)
        fields.add("exists", exists)
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
