import JSON
import Testing

@testable import Fields

@Suite("Writing fields") struct FieldWriterTests {
    @Test("what is nil is left out, what is empty is not, unless it is a list of entries")
    func fields() {
        var fields = FieldWriter()
        fields.add("a", String?.none)
        fields.add("b", "")
        fields.add("c", [String]())
        fields.add("d", list: [Int]()) { Value($0) }
        fields.add("e", 0.1)
        fields.add("f", Duration.seconds(90))
        fields.add("g", false)
        fields.add("h", list: [1]) { Value($0) }
        #expect(fields.object.json() == #"{"b":"","c":[],"e":0.1,"f":"90s","g":false,"h":[1]}"#)
    }
}
