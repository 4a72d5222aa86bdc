import Delivery
import HTTPWire
import JSON
import Journal
import Support
import Testing
import Time

@Suite("Call as JSON") struct CallJSONTests {
    func call(_ headers: [(String, String)] = [], body: [UInt8] = []) -> EndedCall {
        EndedCall(
            Call(
                number: 7, space: "default", arrived: Instant(nanoseconds: 1_768_478_400_000_000_042),
                request: .made("POST", "/runtimes/a%3Ab/invocations?qualifier=DEFAULT", headers, body: body),
                inFlight: 2))
    }

    static let whole = """
        {
          "number": 7,
          "space": "default",
          "agent": "arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/a-0123456789",
          "operation": "InvokeAgentRuntime",
          "qualifier": "DEFAULT",
          "session": "s",
          "sessionCall": null,
          "user": "u",
          "principal": "AKID",
          "auth": {
            "scheme": "sigv4",
            "verdict": "allowed",
            "why": null
          },
          "arrived": "2026-01-15T12:00:00.000000042Z",
          "clock": "2026-01-15T12:00:00.000000042Z",
          "request": {
            "method": "POST",
            "path": "/runtimes/a%3Ab/invocations?qualifier=DEFAULT",
            "headers": {
              "Host": "h",
              "amz-sdk-invocation-id": "11111111-2222",
              "amz-sdk-request": "attempt=2; max=3",
              "X-A": "1, 2"
            },
            "body": "{\\"prompt\\":\\"Hi\\"}",
            "bodyBytes": 15
          },
          "invocation": {
            "id": "11111111-2222",
            "attempt": 2,
            "max": 3
          },
          "token": null,
          "trace": null,
          "rule": "sushi",
          "recording": null,
          "faults": [
            {
              "name": "slow",
              "fault": "latency",
              "applied": true,
              "why": null
            }
          ],
          "upstream": null,
          "messages": null,
          "status": 200,
          "reply": {
            "headers": {
              "Content-Type": "application/json"
            },
            "body": "{}",
            "bodyBytes": 2
          },
          "firstByte": 12.345,
          "ended": 13,
          "endedClock": "2026-01-15T12:00:00.013000042Z",
          "bytes": 180,
          "frames": [],
          "outcome": "completed",
          "inFlight": 2
        }
        """

    @Test("a whole call has the members of the contract, in its order")
    func whole() {
        var call = call(
            [
                ("Host", "h"), ("amz-sdk-invocation-id", "11111111-2222"), ("amz-sdk-request", "attempt=2; max=3"),
                ("X-A", "1"), ("x-a", "2"),
            ], body: Array(#"{"prompt":"Hi"}"#.utf8))
        call.agent = "arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/a-0123456789"
        call.operation = "InvokeAgentRuntime"
        call.qualifier = "DEFAULT"
        call.session = "s"
        call.user = "u"
        call.principal = "AKID"
        call.auth = Call.Auth(scheme: "sigv4", verdict: .allowed)
        call.rule = "sushi"
        call.faults = [.init(name: "slow", fault: "latency")]
        var fields = FieldBlock()
        fields.add("Content-Type", "application/json")
        call.reply = ReplyRecord(status: 200, fields: fields, body: Array("{}".utf8))
        call.ending = Report(outcome: .completed, firstByte: 12_345_000, ended: 13_000_000, bytes: 180)
        #expect(
            call.record.json.json(.pretty) == Self.whole)
    }

    @Test("a call that only arrived has every member too, null where nothing is known")
    func arrivedOnly() {
        let json = call().record.json
        #expect(json.members?.count == 30)
        for name in [
            "agent", "session", "auth", "invocation", "rule", "status", "reply", "firstByte", "ended", "outcome",
        ] {
            #expect(json[name] == .null, "\(name)")
        }
        #expect(json["frames"] == [])
        #expect(json["faults"] == [])
    }

    @Test("a refused signature shows what the server computed")
    func refused() {
        var call = call()
        call.auth = Call.Auth(scheme: "sigv4", verdict: .refused, why: "does not match")
        call.auth?.canonicalRequest = "POST\n/"
        call.auth?.stringToSign = "AWS4"
        #expect(
            call.record.json["auth"] == [
                "scheme": "sigv4", "verdict": "refused", "why": "does not match", "canonicalRequest": "POST\n/",
                "stringToSign": "AWS4",
            ])
    }

    @Test("a body that is not UTF-8 is told in base64, in request and reply")
    func binary() {
        var call = call(body: [0xFF, 0x00])
        call.reply = ReplyRecord(status: 200, fields: FieldBlock(), body: [0xC3])
        #expect(call.record.json["request"]?["body"] == ["base64": "/wA="])
        #expect(call.record.json["reply"]?["body"] == ["base64": "ww=="])
    }

    @Test("a stream shows its frames when it has ended, and its body as far as it was due before")
    func stream() {
        var call = call()
        let script = FrameScript(frames: [
            FrameScript.Frame(bytes: Array("data: a\n\n".utf8), offset: 0, gap: 0),
            FrameScript.Frame(bytes: Array("data: b\n\n".utf8), offset: 30_500_000, gap: 30_500_000),
        ])
        call.reply = ReplyRecord(
            status: 200, fields: FieldBlock(), frames: FrameRun(script: script, start: 1_000_000, seed: 1))
        #expect(call.record.json["reply"]?["body"] == "")
        #expect(call.record.json(now: call.arrived + .milliseconds(2))["reply"]?["body"] == "data: a\n\n")
        var log = FrameLog()
        log.note(lateness: 38_000)
        log.note(lateness: 0)
        call.ending = Report(outcome: .clientClosed, firstByte: 1_038_000, ended: 31_500_000, frames: log)
        #expect(
            call.record.json["frames"]?.json()
                == #"[{"due":1,"sent":1.038,"bytes":9},{"due":31.5,"sent":31.5,"bytes":9}]"#)
        #expect(call.record.json["reply"]?["body"] == "data: a\n\ndata: b\n\n")
        #expect(call.record.json["outcome"] == "client-closed")
    }

    @Test(
        "retry headers are read as far as they can be",
        arguments: [
            ("attempt=1; max=3", #"{"id":null,"attempt":1,"max":3}"#),
            ("ttl=20260115T120000Z; attempt=2; max=3", #"{"id":null,"attempt":2,"max":3}"#),
            ("attempt=1", #"{"id":null,"attempt":1,"max":null}"#),
            ("attempt=;max=x", #"{"id":null,"attempt":null,"max":null}"#),
            ("attempt=99999999999999999999", #"{"id":null,"attempt":null,"max":null}"#),
            (";;==", #"{"id":null,"attempt":null,"max":null}"#),
            ("", #"{"id":null,"attempt":null,"max":null}"#),
        ])
    func invocation(field: String, json: String) {
        #expect(call([("Amz-Sdk-Request", field)]).record.json["invocation"]?.json() == json)
    }

    @Test(
        "times are decimal milliseconds, exact to the nanosecond",
        arguments: [
            (0, "0"), (1, "0.000001"), (999_999, "0.999999"), (1_000_000, "1"), (12_345_000, "12.345"),
            (60_000_000_000, "60000"), (-1_500_000, "-1.5"), (Int64.max, "9223372036854.775807"),
            (Int64.min, "-9223372036854.775808"),
        ] as [(Int64, String)])
    func milliseconds(nanoseconds: Int64, text: String) {
        var call = call()
        call.ending = Report(outcome: .completed, firstByte: nanoseconds, ended: 0)
        #expect(call.record.json["firstByte"] == .number(text))
    }
}
