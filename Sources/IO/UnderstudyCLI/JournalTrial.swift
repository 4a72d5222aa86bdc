import Journal
import Store
import Threading
import Time
import Verdicts

/// Puts the calls of one run in a journal file before the judges: one thread reads pages of them while another judges.
final class JournalTrial {
    private let reader: JournalReader
    private let run: Int
    private let examination: Examination
    private let wanted: Wanted
    private var marks: ArraySlice<Mark> = []
    private var end = Moment(Instant(nanoseconds: 0))
    private var clocks: [String: Instant] = [:]
    /// The clock of the space whose call came last, which is not looked up for each call.
    private var latest = (space: "", clock: Instant(nanoseconds: .min))
    private let progress: ProgressLine
    private var count = 0

    init(_ reader: JournalReader, run: Int, _ expectations: [Expectation], _ progress: ProgressLine) {
        (self.reader, self.run, self.progress) = (reader, run, progress)
        examination = Examination(expectations)
        wanted = Wanted(expectations)
    }

    /// The end is the last thing that happened, in each space by its own clock.
    func findings() throws(DatabaseError) -> Findings {
        marks = try reader.marks(run: run)[...]
        let pages = Handover<Result<[ObservedCall], DatabaseError>>(most: 2)
        let (thread, failure) = BackgroundThread.start { [reader, run, wanted] in
            Self.read(reader, run, wanted, into: pages)
        }
        if let failure { throw DatabaseError(.unreadable, path: reader.path, what: "cannot be read: \(failure)") }
        defer { thread.join() }
        while let page = pages.take() {
            let calls = try page.get()
            for call in calls { take(call) }
            count += calls.count
            progress.reached(count)
        }
        takeMarks(until: Instant(nanoseconds: .max))
        clocks[latest.space] = latest.clock
        return examination.findings(at: end, clocks: clocks)
    }

    private static func read(
        _ reader: JournalReader, _ run: Int, _ wanted: Wanted,
        into pages: Handover<Result<[ObservedCall], DatabaseError>>
    ) {
        var reading = CallReading(wanted: wanted)
        do throws(DatabaseError) {
            try reader.eachPage(run: run, CallReading.fields, { reading.call(of: $0) }) { page in
                defer { reading.partWithTexts() }
                return pages.give(.success(page))
            }
        } catch {
            _ = pages.give(.failure(error))
        }
        pages.end()
    }

    private func take(_ call: ObservedCall) {
        takeMarks(until: call.arrived.real)
        note(call.arrived, call.space)
        if let ended = call.ended { note(ended, call.space) }
        examination.take(call)
    }

    private func takeMarks(until moment: Instant) {
        while let mark = marks.first, mark.at <= moment {
            let observed = ObservedMark(mark)
            note(observed.at, mark.space)
            examination.take(observed)
            marks.removeFirst()
        }
    }

    private func note(_ moment: Moment, _ space: String) {
        if moment.real > end.real { end = moment }
        if space != latest.space {
            clocks[latest.space] = latest.clock
            latest = (space, clocks[space] ?? moment.clock)
        }
        latest.clock = max(latest.clock, moment.clock)
    }
}

extension CallReading {
    private static let kinds = fields.map(\.field.definition.kind)

    /// What a row of a journal file tells.
    mutating func call(of row: CallColumns) -> ObservedCall {
        for (place, (field, _)) in Self.fields.enumerated() {
            // The first column is the row's id.
            let column = place + 1
            if Self.kinds[place].isNumber {
                if let number = row.number(column) { tell(field, number) }
            } else if field == .frames {
                if let sent = row.lastSent(column) { tell(lastSent: sent) }
            } else {
                row.lend(column) { tell(field, $0) }
            }
        }
        return take()
    }
}
