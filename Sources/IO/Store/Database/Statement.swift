import Bytes
import CSQLite

/// One value of a row.
enum Datum: Equatable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    init(_ text: String?) { self = text.map { .text($0) } ?? .null }
    init(_ number: Int?) { self = number.map { .integer(Int64($0)) } ?? .null }
    init(_ number: Double?) { self = number.map { .real($0) } ?? .null }
    init(_ truth: Bool?) { self = truth.map { .integer($0 ? 1 : 0) } ?? .null }
}

/// A prepared statement; parameters count from 1, columns from 0. Its database finalizes it when it closes: what is
/// asked of it after that fails, and touches nothing.
final class Statement {
    private var handle: OpaquePointer?
    private let path: String

    init(_ handle: OpaquePointer, path: String) {
        self.handle = handle
        self.path = path
    }

    func finalize() {
        sqlite3_finalize(handle)
        handle = nil
    }

    private func check(_ code: Int32) throws(DatabaseError) {
        guard code == SQLITE_OK else { throw failure(code) }
    }

    private func failure(_ code: Int32) -> DatabaseError {
        DatabaseError(path: path, code: code, of: handle.map { sqlite3_db_handle($0) })
    }

    // MARK: Parameters

    func bind(_ index: Int32, _ value: Datum) throws(DatabaseError) {
        switch value {
        case .null: try bindNull(index)
        case .integer(let number): try bind(index, number)
        case .real(let number): try check(sqlite3_bind_double(handle, index, number))
        case .text(let text): try bind(index, text: text)
        case .blob(let bytes): try bind(index, blob: bytes[...])
        }
    }

    func bindNull(_ index: Int32) throws(DatabaseError) { try check(sqlite3_bind_null(handle, index)) }

    func bind(_ index: Int32, _ number: Int64) throws(DatabaseError) {
        try check(sqlite3_bind_int64(handle, index, number))
    }

    func bind(_ index: Int32, _ number: Int64?) throws(DatabaseError) {
        guard let number else { return try bindNull(index) }
        try bind(index, number)
    }

    func bind(_ index: Int32, text: String?) throws(DatabaseError) {
        guard let text else { return try bindNull(index) }
        try bind(index, text: text)
    }

    func bind(_ index: Int32, text: String) throws(DatabaseError) {
        var text = text
        try check(
            text.withUTF8 { csqlite_bind_text(handle, index, $0.baseAddress ?? Self.nothing, UInt64($0.count)) })
    }

    /// Text from bytes that need not be valid UTF-8: SQLite keeps them as they are.
    func bind(_ index: Int32, text bytes: ArraySlice<UInt8>) throws(DatabaseError) {
        try check(
            bytes.withUnsafeBufferPointer {
                csqlite_bind_text(handle, index, $0.baseAddress ?? Self.nothing, UInt64($0.count))
            })
    }

    func bind(_ index: Int32, blob bytes: ArraySlice<UInt8>) throws(DatabaseError) {
        try check(
            bytes.withUnsafeBufferPointer {
                csqlite_bind_blob(handle, index, $0.baseAddress ?? Self.nothing, UInt64($0.count))
            })
    }

    /// Text that stays where it is: its storage has to outlive the run, and then `letGo` is called.
    func bind(_ index: Int32, unownedText bytes: UnsafeRawBufferPointer) throws(DatabaseError) {
        try check(
            csqlite_bind_unowned_text(
                handle, index, bytes.baseAddress ?? UnsafeRawPointer(Self.nothing), UInt64(bytes.count)))
    }

    /// The same for a blob.
    func bind(_ index: Int32, unownedBlob bytes: UnsafeRawBufferPointer) throws(DatabaseError) {
        try check(
            csqlite_bind_unowned_blob(
                handle, index, bytes.baseAddress ?? UnsafeRawPointer(Self.nothing), UInt64(bytes.count)))
    }

    /// Every parameter is NULL again.
    func letGo() { sqlite3_clear_bindings(handle) }

    /// An empty text or blob needs an address all the same: without one SQLite stores NULL.
    private nonisolated(unsafe) static let nothing = UnsafePointer(UnsafeMutablePointer<UInt8>.allocate(capacity: 1))

    // MARK: Running

    /// Binds these values, runs the statement to its end and makes it ready for the next row.
    func run(_ values: Datum...) throws(DatabaseError) { try run(values) }

    func run(_ values: [Datum]) throws(DatabaseError) {
        for (index, value) in values.enumerated() { try bind(Int32(index + 1), value) }
        try runBound()
    }

    func runBound() throws(DatabaseError) {
        defer { sqlite3_reset(handle) }
        while try step() {}
    }

    /// As `runBound`, but false, with nothing done, when a row with that key is there already.
    func runBoundUnlessTaken() throws(DatabaseError) -> Bool {
        defer { sqlite3_reset(handle) }
        let code = sqlite3_step(handle)
        if code == SQLITE_DONE { return true }
        guard code & 0xFF == SQLITE_CONSTRAINT else { throw failure(code) }
        return false
    }

    /// Goes to the next row; false when there is none.
    func step() throws(DatabaseError) -> Bool {
        let code = sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        if code == SQLITE_DONE { return false }
        throw failure(code)
    }

    func reset() { sqlite3_reset(handle) }

    // MARK: Columns

    var columnCount: Int32 { sqlite3_column_count(handle) }

    func name(_ column: Int32) -> String {
        guard (0..<columnCount).contains(column) else { return "" }
        return sqlite3_column_name(handle, column).map { String(cString: $0) } ?? ""
    }

    /// SQLITE_INTEGER, SQLITE_FLOAT, SQLITE_TEXT, SQLITE_BLOB or SQLITE_NULL.
    func type(_ column: Int32) -> Int32 { sqlite3_column_type(handle, column) }

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func real(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

    /// The bytes of a text or a blob; none for NULL.
    func bytes(_ column: Int32) -> [UInt8] {
        // "The safest policy is to invoke … sqlite3_column_blob() followed by sqlite3_column_bytes()."
        guard let start = sqlite3_column_blob(handle, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
    }

    /// The same where they lie, until the next step; not at all for NULL.
    func lend(_ column: Int32, _ body: (Span<UInt8>) -> Void) {
        guard let start = sqlite3_column_blob(handle, column) else {
            if type(column) != SQLITE_NULL { body([UInt8]().span) }
            return
        }
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
        bytes.withMemoryRebound(to: UInt8.self) { body(Span(_unsafeElements: $0)) }
    }

    /// The text of a column, or nil when it is NULL or not UTF-8.
    func text(_ column: Int32) -> String? {
        guard let start = sqlite3_column_text(handle, column) else { return nil }
        let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
        return String(utf8: Span(_unsafeElements: bytes))
    }
}
