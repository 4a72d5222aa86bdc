import Glibc
import JSON

/// Everything that reads bytes from outside, by the name that `make fuzz TARGETS=…` knows.
let readers: [String: @Sendable ([UInt8]) -> Void] = [
    "http": readHTTP,
    "http-response": readHTTPResponse,
    "json": readJSON,
    "scenario": readScenario,
    "jws": readJWS,
    "key-set": readKeySet,
    "sigv4": readSigV4,
    "sse": readSSE,
    "websocket": readWebSocket,
    "har": readHAR,
    "expectations": readExpectations,
    "dns": readDNS,
    "neighbour": readNeighbour,
    "redaction": readRedaction,
]

let chosenReader = getenv("FUZZ_TARGET").flatMap { readers[String(cString: $0)] }

/// A promise that every input has to keep. The words are written here: an optimised build leaves those of a trap out.
func promise(_ holds: Bool, _ words: @autoclosure () -> String) {
    if holds { return }
    print("fuzz: \(words())")
    fflush(nil)
    abort()
}

/// What was read can be written and is read back as the same value.
@Sendable private func readJSON(_ bytes: [UInt8]) {
    _ = try? Node.parse(bytes, .strict)
    guard let value = try? Value.parse(bytes) else { return }
    let again = try? Value.parse(value.bytes(.compact))
    promise(again == value, "written and read again, the value is another")
}
