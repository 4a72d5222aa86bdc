import Delivery
import HTTPWire
import Journal
import Recording
import Store

/// The calls of a recording, a journal or a scenario file, one after the other, a page at a time.
final class ComparedFile {
    private enum Source {
        case recorded(RecordedReader)
        case journal(JournalReader)
        case held
    }

    private let path: String
    private let source: Source
    private var page: ArraySlice<ComparedCall> = []
    private var place: Int64 = 0
    private var number = 0
    private var isAtEnd = false
    private static let pageSize = 64

    init(_ path: String) throws(Failure) {
        self.path = path
        guard Libraries.isDatabase(path) else {
            source = .held
            let recorded = try Libraries.merged([path]).recorded
            guard !recorded.isEmpty else { throw Failure("\(path): holds no recorded calls") }
            page = recorded.enumerated().map { ComparedCall($1, number: $0 + 1) }[...]
            isAtEnd = true
            return
        }
        do throws(DatabaseError) {
            let reader = try RecordedReader(path: path)
            if reader.count > 0 {
                source = .recorded(reader)
            } else {
                let journal = try JournalReader(path: path)
                guard try journal.lastRun() != nil else {
                    throw DatabaseError(.mistaken, path: path, what: "is neither a recording nor a journal")
                }
                source = .journal(journal)
            }
        } catch {
            throw Failure(error)
        }
    }

    func next() throws(Failure) -> ComparedCall? {
        if page.isEmpty, !isAtEnd {
            do throws(DatabaseError) { try readPage() } catch { throw Failure(error) }
        }
        return page.popFirst()
    }

    private func readPage() throws(DatabaseError) {
        switch source {
        case .held: isAtEnd = true
        case .recorded(let reader):
            let calls = try reader.calls(from: number, count: Self.pageSize)
            page = calls.enumerated().map { ComparedCall($1, number: number + $0 + 1) }[...]
        case .journal(let reader):
            var calls: [ComparedCall] = []
            try reader.each(after: place) { entry in
                calls.append(ComparedCall(entry.call, number: number + calls.count + 1))
                place = entry.place
                return calls.count < Self.pageSize
            }
            page = calls[...]
        }
        number += page.count
        isAtEnd = page.isEmpty
    }
}

extension ComparedCall {
    fileprivate init(_ call: CallRecord, number: Int) {
        self.init(number: number)
        agent = call.text(.agent) ?? ""
        qualifier = call.text(.qualifier) ?? ""
        operation = call.text(.operation) ?? ""
        session = call.text(.session)
        requestBody = Array(call.content(.requestBody) ?? [])
        status = call.number(.status).map { Int($0) }
        replyFields = FieldBlock(bytes: Array(call.content(.replyHeaders) ?? []))
        replyBody = Array(call.replyBody().kept)
        ended = call.number(.ended).map { $0 / 1_000 }
        outcome = call.outcome?.word
        frames = call.frameRecords.map { Frame(at: $0.sent / 1_000, bytes: $0.bytes) }
    }
}
