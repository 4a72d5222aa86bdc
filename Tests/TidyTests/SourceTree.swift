import Foundation
import Support

/// A file of the repository, as these tests read it: by lines.
struct SourceFile: Sendable {
    /// From the repository's root: `Sources/Core/Journal/Call.swift`.
    let path: String
    let lines: [String]

    var name: String { (path as NSString).lastPathComponent }
    var text: String { lines.joined(separator: "\n") }

    /// `path:line: text` of every line that `pattern` matches; what a failing test shows.
    func mentions(of pattern: Pattern) -> [String] {
        lines.enumerated().compactMap { index, line in
            pattern.isIn(line) ? "\(path):\(index + 1): \(line.trimmingCharacters(in: .whitespaces))" : nil
        }
    }
}

/// A regular expression, compiled once. Foundation's engine reads the whole tree in a moment, also in a debug build.
struct Pattern: @unchecked Sendable {
    private let expression: NSRegularExpression

    init(_ text: String) throws { expression = try NSRegularExpression(pattern: text) }

    func isIn(_ line: String) -> Bool { !groups(in: line).isEmpty }

    /// The groups of every match, the whole match first.
    func groups(in text: String) -> [[String]] {
        let all = NSRange(text.startIndex..., in: text)
        return expression.matches(in: text, range: all).map { match in
            (0..<match.numberOfRanges).map { Range(match.range(at: $0), in: text).map { String(text[$0]) } ?? "" }
        }
    }
}

enum SourceTree {
    /// What is made here or fetched, not written.
    private static let notOurs: Set<String> = [".git", ".build", ".venv", ".swiftpm", "__pycache__", "node_modules"]

    static let swift = files(in: "Sources", endings: ["swift"])
    static let tests = files(in: "Tests", endings: ["swift"])
    static let everything =
        files(
            in: "", endings: ["swift", "c", "h", "md", "py", "js", "mjs", "lua", "json", "jsonc", "sh", "txt", "yml"])
        + ["Makefile", ".ci/run"].compactMap(file) + files(in: "Scripts", endings: [""])

    static func file(_ path: String) -> SourceFile? {
        guard let text = try? String(contentsOf: Vectors.repository.appending(path: path), encoding: .utf8) else {
            return nil
        }
        return SourceFile(path: path, lines: text.components(separatedBy: "\n"))
    }

    static func files(in folder: String, endings: Set<String>) -> [SourceFile] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: url(folder).path)) ?? []
        return entries.sorted().filter { !notOurs.contains($0) }.flatMap { entry -> [SourceFile] in
            let path = folder.isEmpty ? entry : "\(folder)/\(entry)"
            if isFolder(path) { return files(in: path, endings: endings) }
            return endings.contains((entry as NSString).pathExtension) ? [file(path)].compactMap(\.self) : []
        }
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: url(path).path) }

    private static func url(_ path: String) -> URL { Vectors.repository.appending(path: path) }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: url(path).path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
