import JSON
import Testing

@testable import ControlAPI

@Suite("The control API as a document") struct OpenAPIDocumentTests {
    private let calls = ControlTable.all.flatMap(\.calls)

    private func document() throws -> Value {
        let (status, answer) = try ControlStage().control("GET", "openapi.json")
        #expect(status == 200)
        return answer
    }

    @Test("it tells every call of the control table, and no other")
    func complete() throws {
        let paths = try document()["paths"]?.members ?? []
        let told = paths.flatMap { path in
            (path.value.members ?? []).map { "\($0.name.uppercased()) \(path.name.dropFirst())" }
        }
        #expect(told.sorted() == calls.map { "\($0.method) \($0.path)" }.sorted())
    }

    @Test("of each call it is written what it is for, and of none that is not there")
    func written() {
        #expect(Set(OpenAPIDocument.tellings.keys) == Set(calls.map { "\($0.method) \($0.path)" }))
    }

    @Test("each operation has a name of its own, and its path's parameters")
    func operations() throws {
        var names: [String] = []
        for path in try document()["paths"]?.members ?? [] {
            for operation in path.value.members ?? [] {
                names.append(operation.value["operationId"]?.text ?? "")
                let inPath = (operation.value["parameters"]?.array ?? []).filter { $0["in"] == "path" }
                #expect(
                    inPath.compactMap { $0["name"]?.text }
                        == path.name.split(separator: "/").filter { $0.hasPrefix("{") }.map {
                            $0.dropFirst().dropLast()
                        }.map(String.init))
                #expect(inPath.allSatisfy { $0["required"] == true })
            }
        }
        #expect(Set(names).count == names.count && names.count == calls.count && !names.contains(""))
    }

    @Test("what a body is stands where the call takes one")
    func bodies() throws {
        let paths = try document()["paths"]
        #expect(paths?["/faults"]?["post"]?["requestBody"]?["required"] == true)
        #expect(paths?["/calls"]?["get"]?["requestBody"] == nil)
        #expect(
            paths?["/calls"]?["get"]?["parameters"]?.array?.contains { $0["name"] == "trace" } == true)
    }
}
