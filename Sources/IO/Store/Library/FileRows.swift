extension Database {
    func readFiles(_ mistakes: RowMistakes) throws(DatabaseError) -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        try eachRow(of: "files", "SELECT id, path, content FROM files", mistakes) { row in
            guard let path = row.needed(1, row.text(1)), let content = row.needed(2, row.blob(2)) else { return }
            files[path] = content
        }
        return files
    }

    func writeFiles(_ files: [String: [UInt8]]) throws(DatabaseError) {
        let insert = try statement("INSERT INTO files (path, content) VALUES (?, ?)")
        for (path, content) in files.sorted(by: { $0.key < $1.key }) {
            try insert.run(.text(path), .blob(content))
        }
    }
}
