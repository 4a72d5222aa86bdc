import CShims
import Emulator
import Forwarding
import JSON
import Library
import Server
import TLS
import Time

/// What the options say of passing calls on.
struct UpstreamPlan {
    private(set) var settings = ForwardSettings()
    private(set) var timeout: Int64?
    private(set) var authorities: String?
    /// Where real credentials are looked for.
    private(set) var identity = IdentitySettings()
    let isTold: Bool
    /// Unless something else is told, what is passed on while there is a file for it is recorded.
    var records: Bool { !isTold || settings.unmatched == .record }

    init(_ arguments: Arguments) throws(Failure) {
        let word = try arguments.word("--unmatched", among: Unmatched.allCases.map(\.rawValue))
        isTold = word != nil
        settings.unmatched = word.flatMap(Unmatched.init) ?? .pass
        settings.destination = try Self.destination(arguments)
        settings.others = try Self.others(arguments)
        authorities = arguments.value("--upstream-ca")
        if let authorities {
            do throws(ClientSecurity.Refusal) { _ = try ClientSecurity(authorities: authorities) } catch {
                throw Failure("--upstream-ca: \(error.text)")
            }
        }
        settings.region = arguments.value("--upstream-region")
        identity.profile = arguments.value("--upstream-profile")
        identity.environment = Self.environment
        identity.read = { (try? FileBytes.read($0)) ?? [] }
        guard let text = arguments.value("--upstream-timeout") else { return }
        guard let duration = Duration(text: text), duration > .zero else {
            throw .usage("--upstream-timeout is \(text): write a duration like 90s or 15m")
        }
        timeout = duration.nanoseconds
    }

    private static var environment: [String: String] {
        var found: [String: String] = [:]
        guard var next = shim_environment() else { return found }
        while let line = next.pointee {
            let parts = String(cString: line).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { found[String(parts[0])] = String(parts[1]) }
            next += 1
        }
        return found
    }

    private static func others(_ arguments: Arguments) throws(Failure) -> Destination? {
        guard let text = arguments.value("--other-services") else { return nil }
        if let destination = Destination(.service, text) { return destination }
        throw .usage(
            "--other-services is \(text): write an URL like http://127.0.0.1:5000, without user, query or fragment")
    }

    private static func destination(_ arguments: Arguments) throws(Failure) -> Destination? {
        let upstream = arguments.value("--upstream")
        let forward = arguments.value("--forward")
        if upstream != nil, forward != nil {
            throw .usage("--upstream is the service and --forward an agent: name one of them")
        }
        guard let text = upstream ?? forward else { return nil }
        let option = upstream != nil ? "--upstream" : "--forward"
        guard let destination = Destination(upstream != nil ? .service : .agent, text) else {
            throw .usage(
                "\(option) is \(text): write an URL like http://127.0.0.1:8080, without user, query or fragment")
        }
        return destination
    }

    /// Without a library, agents, credentials and users of the built-in one hold, and its rule does not: it would answer
    /// every call.
    func scenario(_ libraries: [String], folders: [String]) throws(Failure) -> Scenario {
        var scenario = try Libraries.merged(libraries, folders: folders, leavesLong: true)
        if libraries.isEmpty, settings.destination != nil { scenario.rules = [] }
        guard isTold, settings.unmatched.passes, settings.destination == nil,
            !scenario.agents.contains(where: { $0.forward != nil })
        else { return scenario }
        throw .usage(
            "--unmatched \(settings.unmatched.rawValue) needs an upstream to pass calls on to: --upstream, --forward, or "
                + "\"forward\" of an agent in the library")
    }

    var readyMembers: [Value.Member] {
        settings.destination.map { [.init("upstream", .string($0.text))] } ?? []
    }
}
