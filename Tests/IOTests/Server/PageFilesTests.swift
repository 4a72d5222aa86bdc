import Foundation
import Support
import Testing

@testable import Server

@Suite("The page's files") struct PageFilesTests {
    private static let folder = Vectors.repository.appending(path: "Sources/IO/Dashboard/page")

    private func ask(_ client: RawClient, _ path: String) -> RawClient.Answer {
        client.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return client.receiveAnswer()
    }

    @Test("every file of the folder is served as it stands there, and all of them weigh 150 KB at most")
    func files() async throws {
        let server = try TestServer.emulating()
        let client = try server.client()
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(names.count > 10)
        var weight = 0
        for name in names {
            let answer = ask(client, "/_understudy/" + (name == "index.html" ? "" : "ui/\(name)"))
            #expect(answer.status == 200, "\(name)")
            #expect(
                answer.body == (try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)), "\(name)")
            weight += answer.body.utf8.count
        }
        #expect(weight <= 150 * 1_024)
        _ = await server.stop()
    }

    @Test("nothing but the page's own files runs in it, and nobody frames it")
    func policy() async throws {
        let server = try TestServer.emulating()
        let client = try server.client()
        for path in ["/_understudy/", "/_understudy/ui/main.js", "/_space/a/_understudy/"] {
            let answer = ask(client, path)
            let policy = answer.field("Content-Security-Policy") ?? ""
            #expect(policy.contains("default-src 'none'; script-src 'self'; style-src 'self';"))
            #expect(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"))
            #expect(answer.field("X-Content-Type-Options") == "nosniff")
        }
        let page = try String(contentsOf: Self.folder.appending(path: "index.html"), encoding: .utf8)
        #expect(!page.contains("style=") && !page.contains("onclick") && !page.contains("<style"))
        _ = await server.stop()
    }

    @Test("files need no token and hold no data; what they ask for does")
    func token() async throws {
        var settings = TestServer.patient
        settings.controlToken = "open-sesame"
        let server = try TestServer.emulating(settings: settings)
        let client = try server.client()
        #expect(ask(client, "/_understudy/").status == 200)
        #expect(ask(client, "/_understudy/ui/style.css").status == 200)
        for path in [
            "calls", "calls/stream", "agents", "sessions", "metrics", "ui/", "ui/other.js", "ui/../index.html",
        ] {
            #expect(ask(client, "/_understudy/\(path)").status == 401, "\(path)")
        }
        _ = await server.stop()
    }

    @Test("without its slash the page is one step further")
    func slash() async throws {
        let server = try TestServer.emulating()
        let client = try server.client()
        let answer = ask(client, "/_understudy")
        #expect(answer.status == 308 && answer.field("Location") == "_understudy/")
        #expect(client.control("POST", "").0 == 404)
        _ = await server.stop()
    }
}
