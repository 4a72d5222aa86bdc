import Access
import JSON

/// `POST /_understudy/tokens`: a token that the library's issuer signed.
enum Tokens {
    static let post = ControlCall(method: "POST", path: "tokens") { (request, service) throws(ControlRefusal) in
        let asked: Value = request.request.body.isEmpty ? [:] : try request.json()
        do throws(TokenMistake) {
            let now = service.instant(at: request.arrived)
            let token = try service.answering.token(
                for: asked, base: request.request.base, space: request.space, now: now)
            return .json(["token": .string(token)])
        } catch {
            throw ControlRefusal(400, error.message)
        }
    }
}
