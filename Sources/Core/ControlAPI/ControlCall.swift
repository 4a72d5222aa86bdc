import Delivery
import JSON

/// One control call: what it is asked with, and what does it.
struct ControlCall: Sendable {
    typealias Perform = @Sendable (ControlRequest, ControlWorld) throws(ControlRefusal) -> ControlAnswer

    enum Segment: Equatable {
        case text(String)
        /// Any segment that is not empty: the path has a name in braces there.
        case named
    }

    let method: StaticString
    let path: String
    let segments: [Segment]
    let perform: Perform

    init(_ method: StaticString, _ path: String, _ perform: @escaping Perform) {
        self.method = method
        self.path = path
        segments = path.split(separator: "/").map { $0.hasPrefix("{") ? .named : .text(String($0)) }
        self.perform = perform
    }

    func fits(_ asked: [String]) -> Bool {
        segments.count == asked.count
            && zip(segments, asked).allSatisfy { $0 == .named ? !$1.isEmpty : $0 == .text($1) }
    }
}

/// The calls about one thing, in the order in which they are told of.
struct ControlCalls: Sendable {
    let calls: [ControlCall]

    init(_ calls: ControlCall...) { self.calls = calls }
}

enum ControlAnswer {
    case json(Value, status: Int = 200)
    /// JSON that is bytes already.
    case bytes([UInt8], status: Int = 200)
    case text(String, contentType: String = "text/plain; charset=utf-8")
    /// What is not known yet: the head, if it is, and where the rest comes from.
    case steps([Step], any ControlSource)
}

package protocol ControlSource: StepSource {
    /// Whether it is asked again after every change in the journal.
    var watchesJournal: Bool { get }
    /// It is asked again when it says so.
    func watch(_ stir: @escaping () -> Void)
}

extension ControlSource {
    package func watch(_ stir: @escaping () -> Void) {}
}

/// Why a control call is not done.
struct ControlRefusal: Error, Equatable {
    let status: Int
    let message: String
    var extra: [Value.Member] = []

    init(_ status: Int, _ message: String, extra: [Value.Member] = []) {
        (self.status, self.message, self.extra) = (status, message, extra)
    }
}
