import Emulator
import Fields
import JSON
import Testing
import Time

@testable import Library

@Suite("The schema of scenario files") struct ScenarioSchemaTests {
    private let schema = ScenarioSchema.value(.complete(faultsArmedAt: Instant(nanoseconds: 0)))

    private func names(_ path: String...) -> [String] {
        var value: Value? = schema
        for step in path { value = value?[step] }
        return value?.members?.map(\.name) ?? []
    }

    @Test("has the sections of a file, and no others")
    func sections() {
        let sections = names("properties")
        for section in ["understudy", "agents", "credentials", "users", "rules", "faults"] {
            #expect(sections.contains(section))
        }
        #expect(schema["additionalProperties"] == false && schema["required"] == ["understudy"])
    }

    @Test("knows every kind of reply and the fields that all of them take")
    func replies() {
        let reply = names("properties", "rules", "items", "properties", "reply", "properties")
        for name in [
            "json", "text", "base64", "file", "stream", "echo", "error", "agentError", "status", "headers", "delay",
        ] {
            #expect(reply.contains(name))
        }
    }

    @Test("a reply is of one kind, and needs one")
    func oneKind() {
        let reply = schema["properties"]?["rules"]?["items"]?["properties"]?["reply"]
        let one = (reply?["oneOf"]?.array ?? []).compactMap { $0["required"]?[0]?.text }
        #expect(one.count == 9 && Set(one).isSuperset(of: ["json", "text", "stream", "websocket", "agentError"]))
        #expect(reply?["additionalProperties"] == false)
    }

    @Test("knows each fault with its own parameters")
    func faults() throws {
        let variants = try #require(schema["properties"]?["faults"]?["items"]?["oneOf"]?.array)
        let words = variants.compactMap { $0["properties"]?["fault"]?["const"]?.text }
        #expect(Set(words).isSuperset(of: ["error", "latency", "stall", "corrupt", "key-rotation"]))
        let latency = try #require(variants.first { $0["properties"]?["fault"]?["const"] == "latency" })
        let uniform = latency["properties"]?["uniform"]
        #expect(uniform?["required"] == ["min", "max"])
        #expect(latency["properties"]?["bytesPerSecond"] == nil && latency["additionalProperties"] == false)
    }

    @Test("says of every field what it means, and of two that mean different things different words")
    func descriptions() {
        var described: [String: Set<String>] = [:]
        var lacking: [String] = []
        func walk(_ value: Value) {
            for member in value["properties"]?.members ?? [] {
                let text = member.value["description"]?.text ?? ""
                if text.isEmpty { lacking.append(member.name) }
                described[text, default: []].insert(member.name)
            }
            for inner in value.members?.map(\.value) ?? value.array ?? [] { walk(inner) }
        }
        walk(schema)
        #expect(lacking.isEmpty)
        #expect(described.count > 200)
        #expect(described.filter { $0.value.count > 1 }.isEmpty)
    }
}
