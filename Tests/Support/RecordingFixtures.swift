import Foundation

/// The recordings of `fixtures/recordings`.
package enum RecordingFixtures {
    package static let names = ["agent", "uneven"]

    package static func path(_ name: String) -> String {
        Vectors.repository.appending(path: "fixtures/recordings/\(name).sqlite").path
    }
}
