import Delivery
import Journal

/// A call that waits for its row. What its arrival says lies in the batch, as `CallColumns` wrote it: copying the bytes
/// costs less than counting the call's parts up on the loop's thread and down on the writer's.
struct WaitingCall {
    let number: Int
    let space: String
    /// Its place in the content of the batch.
    let content: Range<Int>
    /// Of a stream: its ending will say only how late each frame was.
    let frames: FrameRun?
    var ending: Report?
}

extension JournalQueue.Batch {
    mutating func append(_ call: borrowing Call) {
        let start = content.count
        ArrivalColumns.append(call, to: &content)
        let place = start..<content.count
        bytes += 512 + place.count
        arrivals.append(
            WaitingCall(
                number: call.number, space: call.space, content: place, frames: call.reply?.frames, ending: call.ending)
        )
    }
}
