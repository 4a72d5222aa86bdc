import Glibc
import Testing

@testable import Server

@Suite("Start error") struct StartErrorTests {
    @Test("an error names the port or the address, and what to do")
    func texts() {
        let used = StartError(listening: "127.0.0.1", port: 8787, error: EADDRINUSE)
        #expect(used == .portInUse(host: "127.0.0.1", port: 8787))
        #expect(used.text.contains("8787") && used.text.contains("--port"))
        #expect(StartError(listening: "x", port: 1, error: EINVAL).text.contains("x is not an IP address"))
        let denied = StartError(listening: "127.0.0.1", port: 80, error: EACCES).text
        #expect(denied.contains("127.0.0.1 port 80") && denied.contains("denied"))
    }
}
