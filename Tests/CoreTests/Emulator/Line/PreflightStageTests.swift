import Testing

@Suite("Preflight stage") struct PreflightStageTests {
    let origin = ("Origin", "https://app.example")

    @Test("a browser's preflight is answered without credentials, naming what it asked for")
    func preflight() throws {
        let reply = try Stage().call(
            "OPTIONS", Stage.path + "/invocations",
            [
                origin, ("Access-Control-Request-Method", "POST"),
                ("Access-Control-Request-Headers", "authorization,content-type"),
            ])
        #expect(reply.status == 200)
        #expect(reply.field("Access-Control-Allow-Origin") == "*")
        #expect(reply.field("Access-Control-Allow-Headers") == "authorization,content-type")
        #expect(reply.field("Access-Control-Allow-Methods")?.contains("POST") == true)
        #expect(reply.field("Access-Control-Max-Age") == "172800")
    }

    @Test(
        "no answer says twice who may read it", arguments: ["/us-east-1_Understudy/.well-known/jwks.json", Stage.path])
    func once(path: String) throws {
        for method in ["GET", "OPTIONS"] {
            let fields = try Stage().call(method, path, [origin]).fields.list
            #expect(fields.count { $0.name == "Access-Control-Allow-Origin" } == 1)
        }
    }

    @Test("answers and refusals let a browser read the service's headers; other callers get none of it")
    func exposed() throws {
        let stage = try Stage()
        let refused = try stage.invoke("{}", [origin])
        #expect(refused.status == 403)
        #expect(refused.field("Access-Control-Allow-Origin") == "*")
        #expect(refused.field("Access-Control-Expose-Headers")?.contains("x-amzn-RequestId") == true)
        #expect(try stage.invoke("{}", []).field("Access-Control-Allow-Origin") == nil)
    }
}
