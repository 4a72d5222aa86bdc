import Access
import Bytes
import Forwarding
import HTTPWire
import JSON
import Journal
import Library
import Neighbours
import Runtime

/// The services beside the agents', on the same port (contract section 12): signed like any other call, and answered here.
/// No rule, no fault and no recording is asked, and nobody else.
enum NeighbourStage {
    /// Nil for a call that is for none of them. Those below `/runtimes/` are not asked about.
    static func answer(
        _ call: OpenCall, _ library: LibrarySnapshot, _ gate: inout Gate, _ settings: Understudy.Settings
    ) -> LineExit? {
        switch AskedService(call.request, path: call.path) {
        case .neighbour(let neighbour):
            return exit(of: neighbour, to: call, library, &gate, settings)
        case .other(let service):
            return pass(call, to: settings.forward.others) ?? .answered(refusal(of: service, call))
        case nil: return nil
        }
    }

    private static func exit(
        of neighbour: Neighbour, to call: OpenCall, _ library: LibrarySnapshot, _ gate: inout Gate,
        _ settings: Understudy.Settings
    ) -> LineExit {
        let requestID = UUIDText.version4(call.chance.next(), call.chance.next())
        let world = NeighbourWorld(library.scenario, space: call.space.name, now: call.now)
        var asked = neighbour.ask(call.request, path: call.path, of: world)
        call.entry.operation = asked.operation
        if let denial = admit(call, asked, &gate, settings) { asked.deny(denial) }
        if let principal = call.entry.principal, call.entry.auth?.verdict == .allowed {
            asked.call.caller = (principal, hasSessionToken(call.request))
        }
        switch asked.reply(requestID: requestID) {
        case .known(let answer):
            call.shownReply = answer.shown
            note(answer.segments, call)
            return .answered(ServiceResponse(answer, requestID: requestID))
        case .inJournal(let look):
            return .inJournal { look($0, &$1).map { ServiceResponse($0, requestID: requestID) } }
        }
    }

    /// Whoever asks for a trace finds the call that told of it.
    private static func note(_ segments: [TraceSegment], _ call: OpenCall) {
        call.segments = segments
        if let first = segments.first { call.entry.trace = first.traceID }
    }

    private static func hasSessionToken(_ request: borrowing Request) -> Bool {
        request.place(of: .amzSecurityToken) != nil || request.parameter("X-Amz-Security-Token") != nil
    }

    /// Why the caller may not.
    private static func admit(
        _ call: OpenCall, _ asked: AskedNeighbour, _ gate: inout Gate, _ settings: Understudy.Settings
    ) -> NeighbourError? {
        guard settings.checksAccess else {
            call.entry.auth = .init(scheme: "off", verdict: .unchecked)
            return nil
        }
        let question = Gate.Question(
            request: call.request, auth: .sigv4, dialect: .y2025, region: nil, action: asked.action,
            resource: asked.resource, space: call.space.name, issuer: call.space.issuer, times: call.accessTimes,
            documents: call.documents, echoesSignatures: settings.echoesSignatures)
        (question.service, question.window) = (asked.service, asked.window)
        guard question.presents != .bearer else { return refuse(call, .signatureMissing) }
        switch gate.judge(question) {
        case .allowed(let grant), .elsewhere(let grant):
            call.entry.auth = .init(scheme: grant.scheme, verdict: .allowed)
            call.entry.principal = grant.principal
            return nil
        case .refused(let denial): return refuse(call, denial)
        // A signature needs no document.
        case .needs: return refuse(call, .signatureMissing)
        }
    }

    private static func refuse(_ call: OpenCall, _ denial: Denial) -> NeighbourError {
        call.entry.auth = denial.entry
        call.entry.principal = denial.principal
        return NeighbourError(denial.errorType, denial.message, status: denial.status, why: denial.why)
    }

    // MARK: From the daemon's port

    /// Nobody asks who sent it.
    static func answer(datagram: [UInt8], _ call: OpenCall, _ library: LibrarySnapshot) -> ServiceResponse {
        let requestID = UUIDText.version4(call.chance.next(), call.chance.next())
        call.entry.auth = .init(scheme: "daemon", verdict: .unchecked)
        let world = NeighbourWorld(library.scenario, space: call.space.name, now: call.now)
        var asked = Neighbour.xray.ask(call.request, path: call.path, of: world)
        call.entry.operation = asked.operation
        if let mistake = DaemonDatagram.mistake(datagram) { asked.deny(.init("InvalidRequestException", mistake)) }
        guard case .known(let answer) = asked.reply(requestID: requestID) else {
            return ServiceResponse(call.errorAnswer(.internalServer))
        }
        note(answer.segments, call)
        return ServiceResponse(answer, requestID: requestID)
    }

    // MARK: Those that nobody here stands in for

    /// As it came, its signature too: nil where there is nobody to pass it on to.
    private static func pass(_ call: OpenCall, to destination: Destination?) -> LineExit? {
        guard let destination else { return nil }
        let request = call.request
        call.entry.operation = operation(of: request)
        call.entry.auth = .init(scheme: "sigv4", verdict: .unchecked, why: "it is passed on as it came")
        call.isNobodysRecording = true
        let target = PassedFields.target(request, path: call.path, isSigned: false)
        let passed = PassedRequest(
            destination, method: Array(request.head[request.method]), target: destination.target(of: target),
            fields: PassedFields.unchanged(request), body: request.body)
        passed.host = request.text(of: .host)
        return .forwarded(passed)
    }

    /// `AWSStepFunctions.StartExecution` is StartExecution.
    private static func operation(of request: borrowing Request) -> String? {
        guard let target = request.text(of: .amzTarget) else { return nil }
        return AskedService.shown(String(target.split(separator: ".").last ?? ""))
    }

    private static func refusal(of service: String, _ call: OpenCall) -> ServiceResponse {
        let message = WrongDoor.message(for: call.request, path: call.path)
        let error = NeighbourError("UnknownOperationException", message, status: 404)
        if let xml = XMLRefusal.body(error, of: service, to: call.request) {
            var response = ServiceResponse(status: 404, contentType: "text/xml", body: xml)
            response.why = message
            return response
        }
        return ServiceResponse(ErrorAnswer(status: 404, errorType: error.name, message: message))
    }
}

extension ServiceResponse {
    fileprivate init(_ answer: NeighbourAnswer, requestID: String) {
        self.init(status: answer.status, contentType: answer.contentType, body: answer.body)
        fields.add("x-amzn-RequestId", requestID)
        if let type = answer.errorType { fields.add("x-amzn-ErrorType", type) }
        why = answer.why
    }
}
