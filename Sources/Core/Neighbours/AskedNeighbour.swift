import HTTPWire
import JSON
import Journal
import Runtime

/// One request to a neighbour, taken apart.
package struct AskedNeighbour {
    /// Known operations by their names, others as they were asked for; nil where none was.
    package let operation: String?
    package var call: NeighbourCall
    private let neighbour: Neighbour
    private let known: Neighbour.Operation?
    private var refusal: NeighbourError?

    fileprivate init(
        _ neighbour: Neighbour, _ request: borrowing Request, path: Range<Int>, _ world: NeighbourWorld
    ) {
        self.neighbour = neighbour
        let name = neighbour.wire.operation(request, path: path)
        known = neighbour.operations.first { $0.name == name }
        operation = name.map(AskedService.shown)
        let region = AskedService.scope(of: request)?.region ?? "us-east-1"
        var input = Value.object([])
        do throws(NeighbourError) { input = try neighbour.wire.input(of: request) } catch { refusal = error }
        call = NeighbourCall(input: input, world: world, region: region)
    }

    package var service: String { neighbour.service }
    package var window: Int64 { neighbour.window }
    package var action: String { "\(neighbour.service):\(operation ?? "*")" }
    package var resource: String {
        let resource = known?.resource(call.input) ?? "*"
        return resource == "*"
            ? resource : "arn:aws:\(neighbour.service):\(call.region):\(call.world.account):\(resource)"
    }

    /// Whoever may not call is not told what else is wrong.
    package mutating func deny(_ error: NeighbourError) { refusal = error }

    package enum Reply {
        case known(NeighbourAnswer)
        /// What is in the journal says it; nil until enough of it was looked at.
        case inJournal((borrowing CallLog, _ budget: inout Int) -> NeighbourAnswer?)
    }

    package func reply(requestID: String) -> Reply {
        let wire = neighbour.wire
        do throws(NeighbourError) {
            if let refusal { throw refusal }
            guard let known else { throw wire.unknownOperation(operation, of: neighbour) }
            switch try known.perform(call) {
            case .told(let value): return .known(wire.answer(known.name, value, requestID: requestID))
            case .secret(let value, let shown):
                var answer = wire.answer(known.name, value, requestID: requestID)
                answer.shown = wire.answer(known.name, shown, requestID: requestID).body
                return .known(answer)
            case .segments(let segments, let value):
                var answer = wire.answer(known.name, value, requestID: requestID)
                answer.segments = segments
                return .known(answer)
            case .inJournal(let look):
                return .inJournal { log, budget in
                    do throws(NeighbourError) {
                        return try look(log, &budget).map { wire.answer(known.name, $0, requestID: requestID) }
                    } catch {
                        return wire.refusal(error, requestID: requestID)
                    }
                }
            }
        } catch {
            return .known(wire.refusal(error, requestID: requestID))
        }
    }
}

extension Neighbour {
    package func ask(_ request: borrowing Request, path: Range<Int>, of world: NeighbourWorld) -> AskedNeighbour {
        AskedNeighbour(self, request, path: path, world)
    }
}

extension Wire {
    /// Named with what there is: nobody stands in for the whole of a service.
    func unknownOperation(_ name: String?, of neighbour: Neighbour) -> NeighbourError {
        let known = neighbour.operations.map(\.name).joined(separator: ", ")
        let why = "of \(neighbour.service) there are \(known); \(name ?? "no operation") is not served here"
        return switch self {
        case .query: NeighbourError("InvalidAction", "Could not find operation \(name ?? "") here: \(why)")
        case .json, .rest: NeighbourError("UnknownOperationException", why)
        }
    }
}
