import Bytes
import Journal
import Testing

@testable import Store

@Suite("Frames as text") struct FrameTextTests {
    @Test("go in and come out")
    func roundTrip() {
        let frames = [FrameRecord(due: 0, sent: -5, bytes: 0), FrameRecord(due: .max, sent: .min, bytes: 27)]
        for list in [[], [frames[0]], frames] {
            var text: [UInt8] = []
            FrameText.append(list, to: &text)
            #expect(FrameText.frames(text) == list)
        }
        var text: [UInt8] = []
        FrameText.append([FrameRecord(due: 1, sent: 2, bytes: 3)], to: &text)
        #expect(String(lossy: text) == #"[{"due":1,"sent":2,"bytes":3}]"#)
    }

    @Test(
        "anything else is no list of frames",
        arguments: [
            "", "{}", "[1]", "[{}]", #"[{"due":1,"sent":2}]"#, #"[{"sent":1,"due":2,"bytes":3}]"#,
            #"[{"due":"1","sent":2,"bytes":3}]"#, #"[{"due":1.5,"sent":2,"bytes":3}]"#,
            #"[{"due":99999999999999999999,"sent":2,"bytes":3}]"#,
        ])
    func nonsense(_ text: String) {
        #expect(FrameText.frames(Array(text.utf8)) == nil)
    }
}
