import Access
import Faults

/// A fault's own answer, in place of the agent's: only for callers who were let in, and whom a fault struck.
enum FaultRefusalStage {
    static func refuse(
        _ call: OpenCall, _ resource: (OpenCall) -> ProtectedResource?
    ) -> LineExit? {
        let caller = Caller(
            protocol: call.protocol, dialect: call.agent?.settings.dialect, requestID: call.requestID)
        guard let refusal = call.faults.takeRefusal(to: caller) else { return nil }
        var response = ServiceResponse(refusal.answer)
        // The journal tells the fault.
        response.why = nil
        for field in refusal.fields { response.fields.add(name: field.name, value: field.value) }
        if refusal.pointsToMetadata, let resource = resource(call) {
            response.fields.add("WWW-Authenticate", resource.challenge)
        }
        return .answered(response)
    }
}
