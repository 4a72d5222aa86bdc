import Access
import Emulator
import JSON

extension ControlCalls {
    /// A token that the library's issuer signed.
    static let tokens = ControlCalls(
        ControlCall("POST", "tokens") { (request, world) throws(ControlRefusal) in
            let asked: Value = request.request.body.isEmpty ? [:] : try request.json()
            do throws(TokenMistake) {
                let token = try world.state.token(
                    for: asked, base: request.request.base, space: request.space, now: request.now)
                return .json(["token": .string(token)])
            } catch {
                throw ControlRefusal(400, error.message)
            }
        })
}
