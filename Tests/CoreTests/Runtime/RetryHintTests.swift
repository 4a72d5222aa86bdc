import Runtime
import Testing

@Suite("How long to wait, in the fields that clients read") struct RetryHintTests {
    @Test(
        "whole seconds rounded up, and milliseconds",
        arguments: [(0, "0", "0"), (1, "1", "1"), (1_500, "2", "1500"), (7_000, "7", "7000")])
    func fields(milliseconds: Int, seconds: String, exact: String) {
        let hint = RetryHint(after: .milliseconds(milliseconds))
        #expect(hint.fields.map(\.name) == ["Retry-After", "x-amz-retry-after"])
        #expect(hint.fields.map(\.value) == [seconds, exact])
    }
}
