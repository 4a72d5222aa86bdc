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
                var members = [Value.Member("token", .string(token))]
                if let doubt = world.state.doubt(aboutTokenFor: asked, base: request.request.base) {
                    members.append(.init("warning", .string(doubt)))
                }
                return .json(.object(members))
            } catch {
                throw ControlRefusal(400, error.message)
            }
        })
}
